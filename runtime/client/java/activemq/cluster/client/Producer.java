package activemq.cluster.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.atomic.AtomicLong;
import javax.jms.JMSException;
import javax.jms.MessageProducer;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnection;

/** One producer of a stream, with a connection and a thread of its own. */
final class Producer implements Runnable {
    private static final long RECONNECT_MILLIS = 200;

    /** What all producers of a stream have in common. */
    record Shared(
            Connections connections,
            String queue,
            byte[] body,
            double secondsBetweenSends,
            AtomicLong messagesLeft,
            AtomicLong errors,
            Acknowledgements acknowledgements,
            Ending ending) {}

    private final Shared shared;
    private final int number;
    private ActiveMQConnection connection;
    private Session session;
    private MessageProducer producer;
    private long next;

    Producer(Shared shared, int number) {
        this.shared = shared;
        this.number = number;
    }

    void connect() throws JMSException {
        connection = shared.connections().open();
        session = Connections.session(connection);
        producer = session.createProducer(session.createQueue(shared.queue()));
    }

    @Override
    public void run() {
        try {
            double start = shared.ending().seconds();
            for (long turn = 0; !shared.ending().reached(); turn++) {
                double due = start + turn * shared.secondsBetweenSends();
                if (shared.ending().await((long) ((due - shared.ending().seconds()) * 1000)) || !takeOne()) {
                    break;
                }
                sendOne();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            disconnect();
        }
    }

    private boolean takeOne() {
        return shared.messagesLeft().getAndUpdate(left -> left > 0 ? left - 1 : left) > 0;
    }

    /** Sends one message; one that fails is given back, to be sent as another over a fresh connection. */
    private void sendOne() throws InterruptedException {
        String id = "p" + number + "-" + next++;
        try {
            if (connection == null) {
                connect();
            }
            producer.send(Connections.message(session, id, shared.body()));
            shared.acknowledgements().add(id);
        } catch (JMSException e) {
            shared.errors().incrementAndGet();
            shared.messagesLeft().incrementAndGet();
            disconnect();
            shared.ending().await(RECONNECT_MILLIS);
        } catch (IOException e) {
            // Without the file the whole run is worth nothing.
            throw new UncheckedIOException(e);
        }
    }

    private void disconnect() {
        if (connection != null) {
            Connections.close(connection);
            connection = null;
        }
    }
}
