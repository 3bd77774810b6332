import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.command.ActiveMQBytesMessage;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.Command;
import org.apache.activemq.command.ConnectionId;
import org.apache.activemq.command.ConnectionInfo;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.ExceptionResponse;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.ProducerInfo;
import org.apache.activemq.command.RemoveInfo;
import org.apache.activemq.command.SessionInfo;
import org.apache.activemq.transport.DefaultTransportListener;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.transport.TransportFactory;
import org.apache.activemq.util.ByteSequence;

/** A connection with at most one consumer, in commands of OpenWire: the JMS interfaces have other names in each release. */
class WireClient implements AutoCloseable {
    private static final int PREFETCH = 100;
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    private final BlockingQueue<MessageDispatch> came = new LinkedBlockingQueue<>();
    private final Transport transport;
    private final ConnectionInfo connection;
    private final SessionInfo session;
    private final ProducerInfo producer;
    private long sent;

    WireClient(URI address, String user, String password) throws Exception {
        String name = "client" + NUMBERS.incrementAndGet();
        transport = TransportFactory.connect(address);
        transport.setTransportListener(new DefaultTransportListener() {
            @Override
            public void onCommand(Object command) {
                if (command instanceof MessageDispatch) {
                    came.add((MessageDispatch) command);
                }
            }
        });
        transport.start();
        connection = new ConnectionInfo(new ConnectionId(name));
        connection.setClientId(name);
        connection.setUserName(user);
        connection.setPassword(password);
        session = new SessionInfo(connection, 1);
        producer = new ProducerInfo(session, 1);
        ask(connection);
        ask(session);
        ask(producer);
    }

    /** @param selector null for all messages */
    WireClient consume(ActiveMQDestination destination, String selector, int prefetch) throws Exception {
        ConsumerInfo consumer = new ConsumerInfo(session, 1);
        consumer.setDestination(destination);
        consumer.setSelector(selector);
        consumer.setPrefetchSize(prefetch);
        ask(consumer);
        return this;
    }

    /** Subscribes as MQTT does: what is retained comes at once. */
    WireClient subscribe(ActiveMQDestination topics) throws Exception {
        ConsumerInfo consumer = new ConsumerInfo(session, 1);
        consumer.setDestination(topics);
        consumer.setPrefetchSize(PREFETCH);
        consumer.setRetroactive(true);
        ask(consumer);
        return this;
    }

    /** Sends persistent messages with that property. The broker has all of them when this returns. */
    void send(ActiveMQDestination destination, String kind, int count, int bytes) throws Exception {
        for (int left = count; left > 0; left--) {
            ActiveMQMessage message = message(destination, new byte[bytes]);
            message.setProperty("kind", kind);
            // A broker does what a connection asks in that order.
            if (left == 1) {
                ask(message);
            } else {
                transport.oneway(message);
            }
        }
    }

    /** Sends as a client of MQTT does that wants the message retained; an empty one for none. */
    void retain(ActiveMQDestination topic, String text) throws Exception {
        ActiveMQMessage message = message(topic, text.getBytes(StandardCharsets.UTF_8));
        message.setProperty("ActiveMQ.Retain", true);
        ask(message);
    }

    private ActiveMQMessage message(ActiveMQDestination destination, byte[] content) {
        ActiveMQMessage message = new ActiveMQBytesMessage();
        message.setMessageId(new MessageId(producer.getProducerId(), ++sent));
        message.setProducerId(producer.getProducerId());
        message.setDestination(destination);
        message.setPersistent(true);
        message.setTimestamp(System.currentTimeMillis());
        message.setContent(new ByteSequence(content));
        return message;
    }

    /** @return whether a message comes within that time; it stays where it is */
    boolean sees(long millis) throws Exception {
        return came.poll(millis, TimeUnit.MILLISECONDS) != null;
    }

    /** @return whether another message came within that time; it is acknowledged */
    boolean receive(long millis) throws Exception {
        return next(millis) != null;
    }

    /** @return the text of the next message; null when none came within that time */
    String text(long millis) throws Exception {
        Message message = next(millis);
        if (message == null) {
            return null;
        }
        ByteSequence content = message.getContent();
        return new String(content.getData(), content.getOffset(), content.getLength(), StandardCharsets.UTF_8);
    }

    private Message next(long millis) throws Exception {
        MessageDispatch dispatch = came.poll(millis, TimeUnit.MILLISECONDS);
        if (dispatch == null) {
            return null;
        }
        transport.oneway(new MessageAck(dispatch, MessageAck.INDIVIDUAL_ACK_TYPE, 1));
        return dispatch.getMessage();
    }

    private void ask(Command command) throws Exception {
        Object response = transport.request(command);
        if (response instanceof ExceptionResponse) {
            throw new IllegalStateException(((ExceptionResponse) response).getException());
        }
    }

    @Override
    public void close() throws Exception {
        ask(new RemoveInfo(connection.getConnectionId()));
        transport.stop();
    }
}
