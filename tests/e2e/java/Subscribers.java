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
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQMessageConsumer;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.command.ActiveMQMessage;
import org.apache.activemq.command.ActiveMQTopic;

/**
 * Publishers and durable subscribers of one topic, all at once, in sessions of each kind; the broker is killed in between. Says of each
 * subscriber what it missed, and what its subscription counts when nothing comes any more. Knows the API by the product's own classes:
 * that of release 5.16 and that of 6.3 have other names.
 */
class Subscribers {
    static final ActiveMQTopic TOPIC = new ActiveMQTopic("topic");
    private static final String NAME = "subscription";
    private static final int LIVES = 3;
    private static final int PUBLISHERS = 4;
    private static final int THIRD = 3;
    private static final int SHORT_MILLIS = 50;
    private static final int QUIET_MILLIS = 1500;

    private enum Kind {
        AUTO(ActiveMQSession.AUTO_ACKNOWLEDGE, false),
        CLIENT(ActiveMQSession.CLIENT_ACKNOWLEDGE, false),
        TRANSACTED(ActiveMQSession.SESSION_TRANSACTED, false),
        SINGLY(ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE, false),
        SELECTOR(ActiveMQSession.AUTO_ACKNOWLEDGE, true),
        SELECTOR_SINGLY(ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE, true);

        private final int mode;
        private final boolean selects;

        Kind(int mode, boolean selects) {
            this.mode = mode;
            this.selects = selects;
        }
    }

    /** A broker, and who comes after it. */
    interface Brokers {
        /** @param client null for none */
        ActiveMQConnection connect(String client) throws Exception;

        void fail() throws Exception;

        int left(String client, String name) throws Exception;
    }

    private interface Client {
        Void work(Random random) throws Exception;
    }

    /** What was certainly published. */
    private final Set<Integer> published = ConcurrentHashMap.newKeySet();
    /** What each subscriber has certainly acknowledged. */
    private final Map<Kind, Set<Integer>> consumed = new EnumMap<>(Kind.class);
    private final AtomicInteger number = new AtomicInteger();
    private final Brokers brokers;
    private volatile boolean ended;

    Subscribers(Brokers brokers) {
        this.brokers = brokers;
    }

    List<String> run(int seconds) throws Exception {
        for (Kind kind : Kind.values()) {
            consumed.put(kind, ConcurrentHashMap.newKeySet());
            ActiveMQConnection connection = brokers.connect(kind.name());
            subscriber(session(connection, kind), kind);
            connection.close();
        }
        for (int life = 0; life < LIVES; life++) {
            live(seconds);
            brokers.fail();
        }
        List<Client> drains = new ArrayList<>();
        for (Kind kind : Kind.values()) drains.add(random -> drain(kind));
        atOnce(drains, 0);
        List<String> lines = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            Set<Integer> missed = new TreeSet<>(published);
            missed.removeIf(one -> kind.selects && one % THIRD != 0);
            missed.removeAll(consumed.get(kind));
            lines.add(kind + ": missed " + missed + ", left " + brokers.left(kind.name(), NAME));
        }
        return lines;
    }

    private void live(int seconds) throws Exception {
        ended = false;
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < PUBLISHERS; i++) {
            boolean transacted = i % 2 == 0;
            clients.add(random -> publish(transacted, random));
        }
        for (Kind kind : Kind.values()) clients.add(random -> consume(kind, random));
        atOnce(clients, seconds);
    }

    private void atOnce(List<Client> clients, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients.size());
        List<Future<Void>> working = new ArrayList<>();
        for (Client client : clients) working.add(threads.submit(() -> client.work(new Random())));
        Thread.sleep(seconds * 1000L);
        ended = true;
        for (Future<Void> one : working) one.get();
        threads.shutdown();
    }

    private Void publish(boolean transacted, Random random) throws Exception {
        ActiveMQConnection connection = brokers.connect(null);
        int mode = transacted ? ActiveMQSession.SESSION_TRANSACTED : ActiveMQSession.AUTO_ACKNOWLEDGE;
        ActiveMQSession session = (ActiveMQSession) connection.createSession(transacted, mode);
        ActiveMQMessageProducer producer = (ActiveMQMessageProducer) session.createProducer(TOPIC);
        List<Integer> open = new ArrayList<>();
        while (!ended) {
            ActiveMQMessage message = (ActiveMQMessage) session.createMessage();
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
            ActiveMQConnection connection = brokers.connect(kind.name());
            ActiveMQSession session = session(connection, kind);
            ActiveMQMessageConsumer subscriber = subscriber(session, kind);
            List<ActiveMQMessage> held = new ArrayList<>();
            for (int i = 50 + random.nextInt(300); i > 0 && !ended; i--) {
                ActiveMQMessage message = (ActiveMQMessage) subscriber.receive(SHORT_MILLIS);
                if (message != null) held.add(message);
                if (message != null && (kind.mode == ActiveMQSession.AUTO_ACKNOWLEDGE || held.size() > random.nextInt(20))) {
                    acknowledge(kind, session, held, random);
                }
            }
            connection.close();
            Thread.sleep(random.nextInt(200));
        }
        return null;
    }

    private void acknowledge(Kind kind, ActiveMQSession session, List<ActiveMQMessage> held, Random random) throws Exception {
        if (kind.mode == ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE) {
            ActiveMQMessage one = held.remove(random.nextInt(held.size()));
            one.acknowledge();
            consumed.get(kind).add(one.getIntProperty("number"));
            return;
        }
        boolean rolledBack = kind == Kind.TRANSACTED && random.nextInt(20) == 0;
        if (rolledBack) session.rollback();
        else if (kind == Kind.TRANSACTED) session.commit();
        else if (kind == Kind.CLIENT) held.get(held.size() - 1).acknowledge();
        for (ActiveMQMessage one : held) {
            if (!rolledBack) consumed.get(kind).add(one.getIntProperty("number"));
        }
        held.clear();
    }

    private Void drain(Kind kind) throws Exception {
        ActiveMQConnection connection = brokers.connect(kind.name());
        ActiveMQSession session = (ActiveMQSession) connection.createSession(false, ActiveMQSession.AUTO_ACKNOWLEDGE);
        ActiveMQMessageConsumer subscriber = subscriber(session, kind);
        for (ActiveMQMessage message; (message = (ActiveMQMessage) subscriber.receive(QUIET_MILLIS)) != null; ) {
            consumed.get(kind).add(message.getIntProperty("number"));
        }
        // Acknowledgments are sent ahead; the answer to this comes behind them.
        session.createTemporaryQueue();
        connection.close();
        return null;
    }

    private static ActiveMQSession session(ActiveMQConnection connection, Kind kind) throws Exception {
        return (ActiveMQSession) connection.createSession(kind == Kind.TRANSACTED, kind.mode);
    }

    private static ActiveMQMessageConsumer subscriber(ActiveMQSession session, Kind kind) throws Exception {
        return (ActiveMQMessageConsumer) session.createDurableSubscriber(TOPIC, NAME, kind.selects ? "third = 0" : null, false);
    }
}
