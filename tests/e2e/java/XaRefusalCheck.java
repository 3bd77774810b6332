import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.MessageConsumer;
import javax.jms.Queue;
import javax.jms.Session;
import javax.jms.XAConnection;
import javax.jms.XASession;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQXAConnectionFactory;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.command.XATransactionId;
import org.apache.activemq.leveldb.LevelDBStore;

/**
 * A client of XA at a broker with the LevelDB store and the plugin that refuses it: what the client is told, what is written meanwhile,
 * what the same connection may do without XA, and what becomes of a transaction that was prepared at a broker without the plugin.
 */
class XaRefusalCheck {
    /** Each receive is of a message that is there. */
    private static final int RECEIVE_MILLIS = 60_000;

    public static void main(String[] args) throws Exception {
        Path folder = Files.createTempDirectory("amq-store-");
        try {
            LevelDBStore former = store(folder);
            try (Running broker = start(former); Client client = new Client(broker.url())) {
                client.send(1);
                System.out.println("without the plugin: prepared " + client.xa.prepare(transaction(1)));
            }
            LevelDBStore store = store(folder);
            try (Running broker = start(store, plugin()); Client client = new Client(broker.url())) {
                long before = store.db().client().log().appender_limit();
                for (boolean onePhase : new boolean[] {false, true}) {
                    client.send(onePhase ? 3 : 2);
                    System.out.println("start: " + client.told.take());
                    System.out.println((onePhase ? "one phase: " : "prepare: ") + client.end(onePhase ? 3 : 2, onePhase));
                }
                System.out.println("written: " + (store.db().client().log().appender_limit() - before) + " bytes");
                System.out.println("without a transaction: " + client.plain());
                System.out.println("session's transaction: " + client.transacted());
                Xid[] prepared = client.xa.recover(XAResource.TMSTARTRSCAN);
                System.out.println("prepared before: " + prepared.length);
                client.xa.commit(prepared[0], false);
                System.out.println("committed now: " + client.receive());
            }
        } finally {
            Support.remove(folder);
        }
        System.exit(0);
    }

    private record Running(BrokerService broker, String url) implements AutoCloseable {
        @Override
        public void close() throws Exception {
            broker.stop();
        }
    }

    private static LevelDBStore store(Path folder) {
        LevelDBStore store = new LevelDBStore();
        store.setDirectory(folder.toFile());
        store.setIndexFactory("org.iq80.leveldb.impl.Iq80DBFactory");
        return store;
    }

    private static Running start(LevelDBStore store, BrokerPlugin... plugins) throws Exception {
        BrokerService broker = new BrokerService();
        broker.setPersistenceAdapter(store);
        broker.setUseJmx(false);
        broker.setAdvisorySupport(false);
        broker.setPlugins(plugins);
        String url = broker.addConnector("tcp://127.0.0.1:0").getPublishableConnectString();
        broker.start();
        return new Running(broker, url);
    }

    private static BrokerPlugin plugin() throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName("activemq.cluster.XaRefusal").getDeclaredConstructor();
        Object plugin = constructor.newInstance();
        plugin.getClass().getMethod("setStore", String.class).invoke(plugin, "replicatedLevelDB");
        return (BrokerPlugin) plugin;
    }

    private static Xid transaction(int number) {
        XATransactionId transaction = new XATransactionId();
        transaction.setGlobalTransactionId(new byte[] {(byte) number});
        transaction.setBranchQualifier(new byte[] {1});
        return transaction;
    }

    private static final class Client implements AutoCloseable {
        private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
        private final String url;
        private final XAConnection connection;
        private final XASession session;
        private final XAResource xa;
        private final Queue queue;

        Client(String url) throws JMSException {
            this.url = url;
            ActiveMQXAConnectionFactory factory = new ActiveMQXAConnectionFactory(url);
            // Its sessions may be used outside of a transaction, too.
            factory.setXaAckMode(Session.AUTO_ACKNOWLEDGE);
            connection = factory.createXAConnection();
            connection.setExceptionListener(e -> {
                // What is sent in a transaction that was never begun is refused, too.
                if (!e.getMessage().contains("has not been started")) told.add(e.getMessage());
            });
            connection.start();
            session = connection.createXASession();
            xa = session.getXAResource();
            queue = session.createQueue("orders");
        }

        void send(int transaction) throws JMSException, XAException {
            xa.start(transaction(transaction), XAResource.TMNOFLAGS);
            session.createProducer(queue).send(session.createTextMessage("x"));
            xa.end(transaction(transaction), XAResource.TMSUCCESS);
        }

        String end(int transaction, boolean onePhase) {
            try {
                if (onePhase) xa.commit(transaction(transaction), true);
                else xa.prepare(transaction(transaction));
                return "done";
            } catch (XAException e) {
                return e.getMessage();
            }
        }

        /** Sends and receives a message. */
        String plain() throws JMSException {
            session.createProducer(queue).send(session.createTextMessage("y"));
            return receive();
        }

        /** The same in a transaction of a session, of a connection without XA. */
        String transacted() throws JMSException {
            Connection local = new ActiveMQConnectionFactory(url).createConnection();
            Session transacted = local.createSession(true, Session.SESSION_TRANSACTED);
            transacted.createProducer(queue).send(transacted.createTextMessage("z"));
            transacted.commit();
            local.close();
            return receive();
        }

        String receive() throws JMSException {
            MessageConsumer consumer = session.createConsumer(queue);
            String received = consumer.receive(RECEIVE_MILLIS) == null ? "none received" : "received";
            consumer.close();
            return received;
        }

        @Override
        public void close() throws JMSException {
            connection.close();
        }
    }
}
