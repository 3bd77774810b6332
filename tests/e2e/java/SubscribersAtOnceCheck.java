import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.MessageProducer;
import javax.jms.Session;
import javax.jms.TopicSubscriber;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.store.TopicMessageStore;

/**
 * Publishers and durable subscribers of one topic, all at once, in sessions of each kind; the broker is killed in between. Prints of each
 * subscriber what it missed, and what its subscription counts when nothing comes any more. Arguments: product or master, seconds a life.
 */
class SubscribersAtOnceCheck {
    private static final ActiveMQTopic TOPIC = new ActiveMQTopic("topic");
    private static final String NAME = "subscription";
    private static final int LIVES = 3;
    private static final int PUBLISHERS = 4;
    private static final int THIRD = 3;
    private static final int SHORT_MILLIS = 50;
    private static final int QUIET_MILLIS = 1500;
    private static final PrintStream OUT = System.out;
    /** Who would be told of a failure. */
    private static final Object NOBODY = null;

    private enum Kind {
        AUTO(Session.AUTO_ACKNOWLEDGE, false),
        CLIENT(Session.CLIENT_ACKNOWLEDGE, false),
        TRANSACTED(Session.SESSION_TRANSACTED, false),
        SINGLY(ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE, false),
        SELECTOR(Session.AUTO_ACKNOWLEDGE, true),
        SELECTOR_SINGLY(ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE, true);

        private final int mode;
        private final boolean selects;

        Kind(int mode, boolean selects) {
            this.mode = mode;
            this.selects = selects;
        }
    }

    /** What was certainly published. */
    private final Set<Integer> published = ConcurrentHashMap.newKeySet();
    /** What each subscriber has certainly acknowledged. */
    private final Map<Kind, Set<Integer>> consumed = new EnumMap<>(Kind.class);
    private final AtomicInteger number = new AtomicInteger();
    private final String who;
    private final Path folder;
    private volatile boolean ended;
    private BrokerService broker;
    private int lives;

    private interface Client {
        Void work(Random random) throws Exception;
    }

    private SubscribersAtOnceCheck(String who, Path folder) {
        this.who = who;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        // The store writes there how far a long replay is.
        System.setOut(System.err);
        Path folder = Files.createTempDirectory("amq-store-");
        try {
            new SubscribersAtOnceCheck(args[0], folder).run(Integer.parseInt(args[1]));
        } finally {
            Support.remove(folder);
        }
        // The stores' threads would keep the process.
        System.exit(0);
    }

    private void run(int seconds) throws Exception {
        start();
        for (Kind kind : Kind.values()) {
            consumed.put(kind, ConcurrentHashMap.newKeySet());
            Connection connection = connect(kind.name());
            subscriber(connection, kind);
            connection.close();
        }
        for (int life = 0; life < LIVES; life++) {
            live(seconds);
            fail();
        }
        for (Kind kind : Kind.values()) {
            drain(kind);
            Set<Integer> missed = new TreeSet<>(published);
            missed.removeIf(one -> kind.selects && one % THIRD != 0);
            missed.removeAll(consumed.get(kind));
            OUT.println(kind + ": missed " + missed + ", left " + store().getMessageCount(kind.name(), NAME));
        }
    }

    private void live(int seconds) throws Exception {
        ended = false;
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            boolean transacted = i % 2 == 0;
            clients.add(random -> publish(transacted, random));
        }
        for (Kind kind : Kind.values()) clients.add(random -> consume(kind, random));
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        List<Future<Void>> working = new ArrayList<>();
        for (Client client : clients) working.add(threads.submit(() -> client.work(new Random())));
        Thread.sleep(seconds * 1000L);
        ended = true;
        for (Future<Void> one : working) one.get();
        threads.shutdown();
    }

    private Void publish(boolean transacted, Random random) throws Exception {
        Connection connection = connect(null);
        Session session = connection.createSession(transacted, transacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(TOPIC);
        List<Integer> open = new ArrayList<>();
        while (!ended) {
            Message message = session.createMessage();
            message.setIntProperty("number", number.incrementAndGet());
            message.setIntProperty("third", message.getIntProperty("number") % THIRD);
            producer.send(message);
            open.add(message.getIntProperty("number"));
            if (transacted && random.nextInt(4) > 0) continue;
            boolean rolledBack = transacted && random.nextInt(5) == 0;
            if (rolledBack) session.rollback();
            else if (transacted) session.commit();
            if (!rolledBack) published.addAll(open);
            open.clear();
            Thread.sleep(random.nextInt(3));
        }
        connection.close();
        return null;
    }

    /** Comes and goes, with messages in its hands that it has not acknowledged. */
    private Void consume(Kind kind, Random random) throws Exception {
        while (!ended) {
            Connection connection = connect(kind.name());
            Session session = session(connection, kind);
            TopicSubscriber subscriber = subscriber(session, kind);
            List<Message> held = new ArrayList<>();
            for (int i = 50 + random.nextInt(300); i > 0 && !ended; i--) {
                Message message = subscriber.receive(SHORT_MILLIS);
                if (message != null) held.add(message);
                if (message != null && (kind.mode == Session.AUTO_ACKNOWLEDGE || held.size() > random.nextInt(20))) {
                    acknowledge(kind, session, held, random);
                }
            }
            connection.close();
            Thread.sleep(random.nextInt(200));
        }
        return null;
    }

    private void acknowledge(Kind kind, Session session, List<Message> held, Random random) throws JMSException {
        if (kind.mode == ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE) {
            Message one = held.remove(random.nextInt(held.size()));
            one.acknowledge();
            consumed.get(kind).add(one.getIntProperty("number"));
            return;
        }
        boolean rolledBack = kind == Kind.TRANSACTED && random.nextInt(20) == 0;
        if (rolledBack) session.rollback();
        else if (kind == Kind.TRANSACTED) session.commit();
        else if (kind == Kind.CLIENT) held.get(held.size() - 1).acknowledge();
        for (Message one : held) {
            if (!rolledBack) consumed.get(kind).add(one.getIntProperty("number"));
        }
        held.clear();
    }

    private void drain(Kind kind) throws Exception {
        Connection connection = connect(kind.name());
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        TopicSubscriber subscriber = subscriber(session, kind);
        for (Message message; (message = subscriber.receive(QUIET_MILLIS)) != null; ) {
            consumed.get(kind).add(message.getIntProperty("number"));
        }
        // Acknowledgments are sent ahead; the answer to this comes behind them.
        session.createTemporaryQueue();
        connection.close();
    }

    private static Connection connect(String client) throws JMSException {
        Connection connection = new ActiveMQConnectionFactory("vm://broker?create=false").createConnection();
        if (client != null) connection.setClientID(client);
        connection.start();
        return connection;
    }

    private static Session session(Connection connection, Kind kind) throws JMSException {
        return connection.createSession(kind == Kind.TRANSACTED, kind.mode);
    }

    private static TopicSubscriber subscriber(Connection connection, Kind kind) throws JMSException {
        return subscriber(session(connection, kind), kind);
    }

    private static TopicSubscriber subscriber(Session session, Kind kind) throws JMSException {
        return session.createDurableSubscriber(TOPIC, NAME, kind.selects ? "third = 0" : null, false);
    }

    private TopicMessageStore store() throws Exception {
        return (TopicMessageStore) broker.getDestination(TOPIC).getMessageStore();
    }

    /** The successor has what is in the log. */
    private void fail() throws Exception {
        BrokerService killed = broker;
        Path from = folder.resolve(String.valueOf(lives));
        Path to = folder.resolve(String.valueOf(++lives));
        Support.copyLogs(from, to);
        killed.stop();
        start();
    }

    private void start() throws Exception {
        Path place = folder.resolve(String.valueOf(lives));
        LevelDBStore store = Support.store(who, NOBODY);
        store.setDirectory(place.toFile());
        store.setMaxFailoverProducersToTrack(0);
        broker = new BrokerService();
        broker.setBrokerName("broker");
        broker.setUseJmx(false);
        broker.setAdvisorySupport(false);
        broker.setUseShutdownHook(false);
        broker.setDataDirectory(place.resolve("data").toString());
        broker.setPersistenceAdapter(store);
        broker.start();
        broker.waitUntilStarted();
    }
}
