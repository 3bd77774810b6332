package activemq.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * A server socket whose connections are WebSockets. Jetty listens and shakes hands; it serves nothing else, at any path, and has
 * neither servlets nor files.
 */
final class WebSocketListener extends ServerSocket {
    /** Seconds in which a client must have shaken hands; a WebSocket itself may be silent for ever, as other connections may. */
    private static final int HANDSHAKE_SECONDS = 30;
    /** Nothing here waits, so few threads serve any number of clients. One accepts, one selects. */
    private static final int THREADS = 8;

    private final BlockingQueue<WebSocketConnection> arrived = new LinkedBlockingQueue<>();
    private final Server server;
    private final ServerConnector connector;
    private final InetAddress address;
    private volatile int timeoutMillis;

    /**
     * Listens.
     *
     * @throws IOException when the address is taken or none of this machine's
     */
    WebSocketListener(InetSocketAddress address, int backlog) throws IOException {
        this.address = address.getAddress();
        QueuedThreadPool threads = new QueuedThreadPool(THREADS, 3);
        threads.setName("WebSocket " + address.getPort());
        threads.setDaemon(true);
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost(this.address.getHostAddress());
        connector.setPort(address.getPort());
        connector.setAcceptQueueSize(backlog);
        connector.setIdleTimeout(TimeUnit.SECONDS.toMillis(HANDSHAKE_SECONDS));
        server.addConnector(connector);
        WebSocketUpgradeHandler upgrade = WebSocketUpgradeHandler.from(server, this::configure);
        upgrade.setHandler(new OnlyWebSockets());
        server.setHandler(upgrade);
        try {
            server.start();
        } catch (Exception e) {
            close();
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }

    private void configure(ServerWebSocketContainer container) {
        container.setIdleTimeout(Duration.ZERO);
        container.addMapping("/*", this::upgrade);
    }

    private Object upgrade(ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
        // No compression: a few bytes that become gigabytes are nothing that a client without a password should send.
        response.setExtensions(List.of());
        List<String> asked = request.getSubProtocols();
        // As the product does, and as browsers ask that name none.
        if (asked.isEmpty()) return new WebSocketConnection(WebSocketProtocol.STOMP, arrived::add);
        for (String subprotocol : asked) {
            for (WebSocketProtocol protocol : WebSocketProtocol.values()) {
                if (protocol.isNamed(subprotocol)) {
                    response.setAcceptedSubProtocol(subprotocol);
                    return new WebSocketConnection(protocol, arrived::add);
                }
            }
        }
        throw new HttpException.RuntimeException(
                HttpStatus.BAD_REQUEST_400,
                "no such subprotocol; here are v12.stomp, v11.stomp, v10.stomp, mqtt and amqp");
    }

    /** @throws SocketTimeoutException when nobody came in the time that was set */
    @Override
    public Socket accept() throws IOException {
        try {
            WebSocketConnection next = timeoutMillis == 0 ? arrived.take() : arrived.poll(timeoutMillis, TimeUnit.MILLISECONDS);
            if (next == null) throw new SocketTimeoutException();
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SocketTimeoutException("interrupted");
        }
    }

    /** Closes all that came through it, too. */
    @Override
    public void close() throws IOException {
        try {
            server.stop();
        } catch (Exception e) {
            throw e instanceof IOException io ? io : new IOException(e);
        }
    }

    @Override
    public boolean isClosed() {
        return !server.isRunning();
    }

    @Override
    public boolean isBound() {
        return true;
    }

    @Override
    public InetAddress getInetAddress() {
        return address;
    }

    @Override
    public int getLocalPort() {
        return connector.getLocalPort();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return new InetSocketAddress(address, getLocalPort());
    }

    @Override
    public void setSoTimeout(int timeout) {
        timeoutMillis = timeout;
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    private static final class OnlyWebSockets extends Handler.Abstract.NonBlocking {
        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            Response.writeError(request, response, callback, HttpStatus.UPGRADE_REQUIRED_426, "WebSockets only");
            return true;
        }
    }
}
