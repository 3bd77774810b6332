import java.io.FileInputStream;
import java.util.Properties;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.MessageConsumer;
import javax.jms.MessageProducer;
import javax.jms.Session;
import javax.jms.XAConnection;
import javax.jms.XASession;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQXAConnectionFactory;
import org.apache.activemq.command.XATransactionId;

/**
 * An application, as several tests need one: URL, folder of credentials.properties, then
 * send QUEUE N | receive QUEUE (prints how many came) | subscribe TOPIC | unsubscribe TOPIC | xa QUEUE (prints what became of it) |
 * prepare QUEUE (and goes away) | rollback (of what is prepared).
 */
class Subscriber {
    private static final int QUIET_MILLIS = 5000;

    public static void main(String[] args) throws Exception {
        Properties credentials = new Properties();
        try (FileInputStream in = new FileInputStream(args[1] + "/credentials.properties")) {
            credentials.load(in);
        }
        String password = credentials.getProperty("user.app.password");
        if (args[2].equals("xa") || args[2].equals("prepare")) {
            boolean committed = args[2].equals("xa");
            System.out.println(sendInXa(new ActiveMQXAConnectionFactory("app", password, args[0]), args[3], committed));
            System.exit(0);
        }
        if (args[2].equals("rollback")) {
            rollBack(new ActiveMQXAConnectionFactory("app", password, args[0]));
            System.exit(0);
        }
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

    private static void rollBack(ActiveMQXAConnectionFactory factory) throws JMSException, XAException {
        XAConnection connection = factory.createXAConnection();
        try {
            XAResource resource = connection.createXASession().getXAResource();
            for (Xid prepared : resource.recover(XAResource.TMSTARTRSCAN)) resource.rollback(prepared);
        } finally {
            connection.close();
        }
    }

    private static String sendInXa(ActiveMQXAConnectionFactory factory, String queue, boolean committed) throws JMSException {
        XAConnection connection = factory.createXAConnection();
        try {
            connection.start();
            XASession session = connection.createXASession();
            XAResource resource = session.getXAResource();
            XATransactionId transaction = new XATransactionId();
            transaction.setGlobalTransactionId(new byte[] {1});
            transaction.setBranchQualifier(new byte[] {1});
            resource.start(transaction, XAResource.TMNOFLAGS);
            session.createProducer(session.createQueue(queue)).send(session.createTextMessage("x"));
            resource.end(transaction, XAResource.TMSUCCESS);
            resource.prepare(transaction);
            if (!committed) return "prepared";
            resource.commit(transaction, false);
            return "committed";
        } catch (XAException e) {
            return e.getMessage();
        } finally {
            connection.close();
        }
    }
}
