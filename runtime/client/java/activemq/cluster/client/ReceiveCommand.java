package activemq.cluster.client;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnection;

/** Consumes until enough has come, nothing comes any more, or it is told to stop. */
final class ReceiveCommand {
    private static final long WAIT_MILLIS = 100;

    private ReceiveCommand() {}

    static void run(Options options) throws JMSException, IOException, InterruptedException {
        options.only("--url", "--queue", "--count", "--idle", "--received", "--seconds");
        Connections connections = new Connections(options);
        String queue = options.required("--queue");
        long count = options.number("--count", Long.MAX_VALUE);
        double idle = options.seconds("--idle", Double.MAX_VALUE);
        Ending ending = new Ending(options.seconds("--seconds", 0));
        Set<String> distinct = new HashSet<>();
        long errors = 0;
        try (IdFile received = new IdFile(options.required("--received"))) {
            ActiveMQConnection connection = connections.open();
            MessageConsumer consumer = consumer(connection, queue);
            Json.print("event", "ready");
            ending.begin();
            double lastMessage = 0;
            double reported = 0;
            while (received.count() < count && !ending.reached() && ending.seconds() - lastMessage < idle) {
                try {
                    if (connection == null) {
                        connection = connections.open();
                        consumer = consumer(connection, queue);
                    }
                    Message message = consumer.receive(WAIT_MILLIS);
                    if (message != null) {
                        String id = id(message);
                        received.add(id);
                        distinct.add(id);
                        lastMessage = ending.seconds();
                    }
                } catch (JMSException e) {
                    errors++;
                    if (connection != null) {
                        Connections.close(connection);
                        connection = null;
                    }
                    ending.await(WAIT_MILLIS);
                }
                if (ending.seconds() >= reported + 1) {
                    reported = ending.seconds();
                    received.flush();
                    Json.print("event", "progress", "received", received.count());
                }
            }
            received.flush();
            if (connection != null) {
                Connections.close(connection);
            }
            Json.print(
                    "event", "done",
                    "received", received.count(),
                    "distinct", distinct.size(),
                    "errors", errors,
                    // Until the last one came: waiting for more is no part of it.
                    "seconds", lastMessage);
        }
    }

    private static MessageConsumer consumer(ActiveMQConnection connection, String queue) throws JMSException {
        Session session = Connections.session(connection);
        return session.createConsumer(session.createQueue(queue));
    }

    /** The id the sender gave it, or the broker's own for a message of somebody else. */
    private static String id(Message message) throws JMSException {
        String id = message.getStringProperty(Connections.ID);
        return id == null ? message.getJMSMessageID() : id;
    }
}
