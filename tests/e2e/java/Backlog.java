import java.io.FileInputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.jms.Connection;
import javax.jms.Message;
import javax.jms.MessageConsumer;
import javax.jms.MessageProducer;
import javax.jms.Session;
import javax.jms.TextMessage;
import org.apache.activemq.ActiveMQConnectionFactory;

/**
 * Fills a queue, and empties it: URL, folder of credentials.properties, then
 * send QUEUE PRODUCERS EACH (says after each hundred how many are sent) | receive QUEUE MESSAGES (prints how many different ones came).
 */
class Backlog {
    private static final int QUIET_MILLIS = 20_000;
    private static final int SAY_EACH = 100;
    private static final String KIBIBYTE = "x".repeat(1000);

    public static void main(String[] args) throws Exception {
        Properties credentials = new Properties();
        try (FileInputStream in = new FileInputStream(args[1] + "/credentials.properties")) {
            credentials.load(in);
        }
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("app", credentials.getProperty("user.app.password"), args[0]);
        if (args[2].equals("send")) {
            send(factory, args[3], Integer.parseInt(args[4]), Integer.parseInt(args[5]));
        } else {
            System.out.println(receive(factory, args[3], Integer.parseInt(args[4])));
        }
    }

    /** Each producer has a connection of its own, as applications do. */
    private static void send(ActiveMQConnectionFactory factory, String queue, int producers, int each) throws Exception {
        AtomicInteger sent = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < producers; i++) {
            int number = i;
            Thread thread = new Thread(() -> {
                try {
                    Connection connection = factory.createConnection();
                    connection.start();
                    Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
                    MessageProducer producer = session.createProducer(session.createQueue(queue));
                    for (int j = 0; j < each; j++) {
                        producer.send(session.createTextMessage(number + "." + j + " " + KIBIBYTE));
                        int all = sent.incrementAndGet();
                        if (all % SAY_EACH == 0) System.out.println(all);
                    }
                    connection.close();
                } catch (Exception e) {
                    e.printStackTrace();
                    System.exit(1);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) thread.join();
    }

    private static int receive(ActiveMQConnectionFactory factory, String queue, int messages) throws Exception {
        Set<String> different = new HashSet<>();
        Connection connection = factory.createConnection();
        connection.start();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(session.createQueue(queue));
        while (different.size() < messages) {
            Message message = consumer.receive(QUIET_MILLIS);
            if (message == null) break;
            different.add(((TextMessage) message).getText().split(" ")[0]);
        }
        connection.close();
        return different.size();
    }
}
