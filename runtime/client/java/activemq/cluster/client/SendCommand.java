package activemq.cluster.client;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.jms.JMSException;
import javax.jms.MessageProducer;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnection;

/** Sends a number of messages, each persistent and acknowledged before the next. */
final class SendCommand {
    private SendCommand() {}

    static void run(Options options) throws JMSException, IOException {
        options.only("--url", "--queue", "--count", "--prefix", "--size", "--acked", "--timeout");
        Connections connections = new Connections(options);
        String queue = options.required("--queue");
        options.required("--count");
        long count = options.number("--count", 0);
        String prefix = options.text("--prefix").orElse("m");
        byte[] body = new byte[(int) options.number("--size", 100)];
        limit(options.seconds("--timeout", 0));
        Optional<IdFile> acked = options.has("--acked") ? Optional.of(new IdFile(options.required("--acked"))) : Optional.empty();
        ActiveMQConnection connection = connections.open();
        Json.print("event", "ready");
        Session session = Connections.session(connection);
        MessageProducer producer = session.createProducer(session.createQueue(queue));
        for (long i = 0; i < count; i++) {
            String id = prefix + "-" + i;
            producer.send(Connections.message(session, id, body));
            if (acked.isPresent()) {
                acked.get().add(id);
                acked.get().flush();
            }
        }
        connection.close();
        if (acked.isPresent()) {
            acked.get().close();
        }
        Json.print("event", "sent", "count", count);
    }

    /** A failover URL waits for a broker for ever; this ends the process when it has waited long enough. */
    private static void limit(double seconds) {
        if (seconds == 0) {
            return;
        }
        Thread thread = new Thread(() -> {
            try {
                TimeUnit.MILLISECONDS.sleep((long) (seconds * 1000));
            } catch (InterruptedException e) {
                return;
            }
            Json.print("event", "error", "error", "TimeoutException: not done within " + seconds + " s");
            Runtime.getRuntime().halt(1);
        });
        thread.setDaemon(true);
        thread.start();
    }
}
