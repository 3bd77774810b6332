import java.io.FileInputStream;
import java.util.Properties;
import javax.jms.Connection;
import javax.jms.MessageConsumer;
import javax.jms.MessageProducer;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnectionFactory;

/**
 * An application, as groups.test.ts needs one: URL, folder of credentials.properties, then
 * send QUEUE N | receive QUEUE (prints how many came) | subscribe TOPIC | unsubscribe TOPIC.
 */
class Subscriber {
    private static final int QUIET_MILLIS = 5000;

    public static void main(String[] args) throws Exception {
        Properties credentials = new Properties();
        try (FileInputStream in = new FileInputStream(args[1] + "/credentials.properties")) {
            credentials.load(in);
        }
        String password = credentials.getProperty("user.app.password");
        Connection connection = new ActiveMQConnectionFactory("app", password, args[0]).createConnection();
        try {
            if (args[2].endsWith("subscribe")) connection.setClientID("billing");
            connection.start();
            Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
            switch (args[2]) {
                case "send" -> {
                    MessageProducer producer = session.createProducer(session.createQueue(args[3]));
                    for (int i = 0; i < Integer.parseInt(args[4]); i++) producer.send(session.createTextMessage("m" + i));
                }
                case "receive" -> {
                    MessageConsumer consumer = session.createConsumer(session.createQueue(args[3]));
                    int received = 0;
                    while (consumer.receive(QUIET_MILLIS) != null) received++;
                    System.out.println(received);
                }
                case "subscribe" -> session.createDurableSubscriber(session.createTopic(args[3]), "one").close();
                case "unsubscribe" -> session.unsubscribe("one");
                default -> throw new IllegalArgumentException(args[2]);
            }
        } finally {
            connection.close();
        }
    }
}
