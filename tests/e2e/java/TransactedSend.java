import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TransactionRolledBackException;
import org.apache.activemq.ActiveMQConnectionFactory;

/** Sends one message in a transaction and says how the commit ended. Arguments: the broker's URL, user, queue, text. */
class TransactedSend {
    public static void main(String[] args) throws JMSException {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory(args[1], System.getenv("PASSWORD"), args[0]);
        try (Connection connection = factory.createConnection()) {
            connection.start();
            Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
            session.createProducer(session.createQueue(args[2])).send(session.createTextMessage(args[3]));
            try {
                session.commit();
                System.out.println("committed");
            } catch (TransactionRolledBackException e) {
                System.out.println("in doubt");
            }
        }
        System.exit(0);
    }
}
