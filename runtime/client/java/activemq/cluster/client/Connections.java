package activemq.cluster.client;

import javax.jms.BytesMessage;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;

/** Opens connections to the service, all with the same URL and credentials. */
final class Connections {
    /** Name of the property that identifies a message. */
    static final String ID = "id";

    private final ActiveMQConnectionFactory factory;

    Connections(Options options) {
        try {
            factory = new ActiveMQConnectionFactory(System.getenv("AMQ_USER"), System.getenv("AMQ_PASSWORD"), options.required("--url"));
        } catch (IllegalArgumentException e) {
            throw new UsageException("--url is not a broker URL: " + e.getMessage());
        }
        if (options.has("--async")) {
            factory.setUseAsyncSend(true);
        }
    }

    /** Opens a connection and starts it, so that wrong credentials show here. A failover URL waits for a broker. */
    ActiveMQConnection open() throws JMSException {
        return open(null);
    }

    /** The same with a name of its own, by which the broker knows durable subscriptions; null for none. */
    ActiveMQConnection open(String clientId) throws JMSException {
        ActiveMQConnection connection = (ActiveMQConnection) factory.createConnection();
        try {
            if (clientId != null) {
                connection.setClientID(clientId);
            }
            connection.start();
            return connection;
        } catch (JMSException e) {
            close(connection);
            throw e;
        }
    }

    /** Closes without complaint: what is closed here has failed already or has done its work. */
    static void close(ActiveMQConnection connection) {
        try {
            connection.close();
        } catch (JMSException e) {
            // Nothing is lost with it.
        }
    }

    static Session session(ActiveMQConnection connection) throws JMSException {
        return connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
    }

    static Message message(Session session, String id, byte[] body) throws JMSException {
        BytesMessage message = session.createBytesMessage();
        message.writeBytes(body);
        message.setStringProperty(ID, id);
        return message;
    }
}
