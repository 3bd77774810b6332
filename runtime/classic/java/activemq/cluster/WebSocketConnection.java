package activemq.cluster;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.api.StatusCode;

/**
 * A WebSocket as a socket: what comes in messages is read as one stream, and what is written until a flush goes as one message.
 *
 * <p>Neither side can fill the memory: the next piece is asked for when the last one was read, and a flush waits until the
 * network has taken what was written. Public for Jetty, which calls it by method handles.
 */
public final class WebSocketConnection extends Socket implements Session.Listener {
    /** How long a client may take to answer that the connection ends. */
    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final byte[] END = new byte[0];

    private final WebSocketProtocol protocol;
    private final Consumer<WebSocketConnection> opened;
    private final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final InputStream in = new Pieces();
    private final OutputStream out = new Messages();
    private volatile Session session;
    /** STOMP is answered as it is spoken: some clients know text only, and binary messages are what others send. */
    private volatile boolean text;
    private volatile int timeoutMillis;

    WebSocketConnection(WebSocketProtocol protocol, Consumer<WebSocketConnection> opened) {
        this.protocol = protocol;
        this.opened = opened;
    }

    WebSocketProtocol protocol() {
        return protocol;
    }

    @Override
    public void onWebSocketOpen(Session session) {
        this.session = session;
        opened.accept(this);
        session.demand();
    }

    @Override
    public void onWebSocketPartialBinary(ByteBuffer payload, boolean last, Callback callback) {
        byte[] piece = new byte[payload.remaining()];
        payload.get(piece);
        callback.succeed();
        received(piece);
    }

    @Override
    public void onWebSocketPartialText(String payload, boolean last) {
        if (protocol != WebSocketProtocol.STOMP) {
            // MQTT 3.1.1, section 6, and the binding of AMQP ask for this.
            end(StatusCode.BAD_DATA, "binary messages only");
            return;
        }
        text = true;
        received(payload.getBytes(StandardCharsets.UTF_8));
    }

    private void received(byte[] piece) {
        if (piece.length > 0) pieces.add(piece);
        else session.demand();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
        pieces.add(END);
    }

    @Override
    public void onWebSocketClose(int statusCode, String reason, Callback callback) {
        closed.set(true);
        pieces.add(END);
        callback.succeed();
    }

    @Override
    public void close() {
        end(StatusCode.NORMAL, null);
    }

    private void end(int code, String reason) {
        if (!closed.compareAndSet(false, true)) return;
        pieces.add(END);
        session.setIdleTimeout(CLOSING);
        session.close(code, reason, Callback.NOOP);
    }

    @Override
    public InputStream getInputStream() {
        return in;
    }

    @Override
    public OutputStream getOutputStream() {
        return out;
    }

    private final class Pieces extends InputStream {
        private ByteBuffer piece = ByteBuffer.wrap(END);

        @Override
        public int read() throws IOException {
            return fill() ? piece.get() & 0xff : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) return 0;
            if (!fill()) return -1;
            int count = Math.min(length, piece.remaining());
            piece.get(target, offset, count);
            return count;
        }

        @Override
        public int available() {
            return piece.remaining();
        }

        /** @return false when nothing more will come */
        private boolean fill() throws IOException {
            if (piece.hasRemaining()) return true;
            byte[] next;
            try {
                next = timeoutMillis == 0 ? pieces.take() : pieces.poll(timeoutMillis, TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
            if (next == null) throw new SocketTimeoutException();
            if (next == END) {
                pieces.add(END);
                return false;
            }
            piece = ByteBuffer.wrap(next);
            session.demand();
            return true;
        }
    }

    private final class Messages extends OutputStream {
        private final ByteArrayOutputStream message = new ByteArrayOutputStream();

        @Override
        public synchronized void write(int value) {
            message.write(value);
        }

        @Override
        public synchronized void write(byte[] source, int offset, int length) {
            message.write(source, offset, length);
        }

        @Override
        public synchronized void flush() throws IOException {
            if (message.size() == 0) return;
            byte[] bytes = message.toByteArray();
            message.reset();
            Callback.Completable sent = new Callback.Completable();
            String string = text ? decoded(bytes) : null;
            if (string == null) session.sendBinary(ByteBuffer.wrap(bytes), sent);
            else session.sendText(string, sent);
            try {
                sent.get();
            } catch (ExecutionException e) {
                throw new IOException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }

    /** @return null for what is no text, such as a STOMP message with the body of a JMS BytesMessage */
    private static String decoded(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return session.getRemoteSocketAddress();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return session.getLocalSocketAddress();
    }

    @Override
    public InetAddress getInetAddress() {
        return ((InetSocketAddress) getRemoteSocketAddress()).getAddress();
    }

    @Override
    public int getPort() {
        return ((InetSocketAddress) getRemoteSocketAddress()).getPort();
    }

    @Override
    public InetAddress getLocalAddress() {
        return ((InetSocketAddress) getLocalSocketAddress()).getAddress();
    }

    @Override
    public int getLocalPort() {
        return ((InetSocketAddress) getLocalSocketAddress()).getPort();
    }

    @Override
    public boolean isConnected() {
        return true;
    }

    @Override
    public boolean isClosed() {
        return closed.get();
    }

    @Override
    public void setSoTimeout(int timeout) {
        timeoutMillis = timeout;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    // Settings of the connection below, which is Jetty's: it sends at once, and buffers as the system does.

    @Override
    public void setReceiveBufferSize(int size) {}

    @Override
    public void setSendBufferSize(int size) {}

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public void setSoLinger(boolean on, int linger) {}

    @Override
    public void setTrafficClass(int trafficClass) {}
}
