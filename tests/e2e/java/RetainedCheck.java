import java.io.File;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.store.PersistenceAdapter;
import org.apache.activemq.util.IntrospectionSupport;

/**
 * What is retained of topics: at once, after restarts of the broker, and while topics are idle. Arguments: `product` or `ours`, the
 * store (kahadb, leveldb or jdbc), its folder, and for jdbc the database's URL and user, whose password is in PASSWORD.
 */
class RetainedCheck {
    private static final ActiveMQTopic TOPICS = new ActiveMQTopic("sensors.>");
    private static final int IDLE_MILLIS = 100;
    private static final long LONGEST_MILLIS = 30_000;

    private final String[] args;
    private BrokerService broker;

    private RetainedCheck(String[] args) {
        this.args = args;
    }

    public static void main(String[] args) {
        try {
            new RetainedCheck(args).check();
            System.exit(0);
        } catch (Exception e) {
            // Brokers have threads that would keep the process.
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void check() throws Exception {
        start(0);
        try (WireClient client = client()) {
            for (String topic : List.of("changed", "cleared", "kept")) {
                client.retain(topic(topic), topic + " 1");
            }
            client.retain(topic("cleared"), "");
            client.retain(topic("changed"), "changed 2");
            client.send(topic("kept"), "not retained", 1, 1);
        }
        System.out.println("at once: " + retained());
        restart(0);
        System.out.println("after a restart: " + retained());
        try (WireClient client = client()) {
            client.retain(topic("changed"), "changed 3");
            client.retain(topic("kept"), "");
        }
        restart(IDLE_MILLIS);
        try (WireClient client = client()) {
            client.send(topic("plain"), "not retained", 1, 1);
        }
        // Looked for as often as the one that has nothing to keep.
        awaitRemoval(topic("plain"));
        System.out.println("after another one, and idle: " + retained());
        System.out.println("a consumer of the queue: " + consumer());
        broker.stop();
    }

    private static ActiveMQTopic topic(String name) {
        return new ActiveMQTopic("sensors." + name);
    }

    private TreeSet<String> retained() throws Exception {
        TreeSet<String> texts = new TreeSet<>();
        try (WireClient subscriber = client().subscribe(TOPICS); WireClient sender = client()) {
            sender.retain(topic("end"), "end");
            for (String text = ""; !"end".equals(text); text = subscriber.text(LONGEST_MILLIS)) {
                if (text == null) {
                    throw new IllegalStateException("nothing came after " + texts);
                }
                texts.add(text);
            }
            sender.retain(topic("end"), "");
        }
        texts.remove("");
        return texts;
    }

    /** What a client gets that would take the messages from the store. */
    private String consumer() throws Exception {
        try (WireClient client = client()) {
            client.consume(new ActiveMQQueue("ActiveMQ.Retained"), null, 1);
            return client.receive(2000) ? "a message" : "nothing";
        } catch (IllegalStateException e) {
            return e.getCause().getMessage();
        }
    }

    private void awaitRemoval(ActiveMQTopic topic) throws Exception {
        long began = System.currentTimeMillis();
        while (!broker.getRegionBroker().getDestinations(topic).isEmpty()) {
            if (System.currentTimeMillis() - began > LONGEST_MILLIS) {
                throw new IllegalStateException(topic + " is still there");
            }
            Thread.sleep(IDLE_MILLIS);
        }
    }

    private WireClient client() throws Exception {
        URI uri = broker.getTransportConnectors().get(0).getServer().getConnectURI();
        return new WireClient(new URI("tcp://127.0.0.1:" + uri.getPort()), null, null);
    }

    private void restart(int idleMillis) throws Exception {
        broker.stop();
        broker.waitUntilStopped();
        start(idleMillis);
    }

    /** @param idleMillis after which topics are removed; 0: never */
    private void start(int idleMillis) throws Exception {
        broker = new BrokerService();
        broker.setBrokerName("retained");
        broker.setDataDirectory(args[2]);
        broker.setSchedulerSupport(false);
        broker.setUseShutdownHook(false);
        broker.setUseJmx(false);
        PersistenceAdapter store = store();
        store.setDirectory(new File(args[2]));
        broker.setPersistenceAdapter(store);
        PolicyEntry topics = new PolicyEntry();
        topics.setTopic(">");
        topics.setGcInactiveDestinations(idleMillis > 0);
        topics.setInactiveTimeoutBeforeGC(idleMillis);
        PolicyMap policies = new PolicyMap();
        policies.setPolicyEntries(List.of(topics));
        broker.setDestinationPolicy(policies);
        broker.setSchedulePeriodForDestinationPurge(idleMillis);
        if (args[0].equals("ours")) {
            broker.setPlugins(new BrokerPlugin[] {(BrokerPlugin) made("activemq.cluster.RetainedMessages", Map.of())});
        }
        broker.addConnector("tcp://127.0.0.1:0");
        broker.start();
    }

    /** By name: no release has all of them. */
    private PersistenceAdapter store() throws ReflectiveOperationException {
        switch (args[1]) {
            case "kahadb":
                return (PersistenceAdapter) made("org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter", Map.of());
            case "leveldb":
                return (PersistenceAdapter) made(
                        "activemq.cluster.MasterStore", Map.of("replicas", 1, "bind", "tcp://127.0.0.1:0"));
            case "jdbc":
                Object database = made(
                        "activemq.cluster.GroupDatabase", Map.of("url", args[3], "username", args[4], "password", System.getenv("PASSWORD")));
                return (PersistenceAdapter) made(
                        "org.apache.activemq.store.jdbc.JDBCPersistenceAdapter",
                        Map.of(
                                "dataSource", database,
                                "useLock", false,
                                "adapter", made("org.apache.activemq.store.jdbc.adapter.PostgresqlJDBCAdapter", Map.of()),
                                "statements", made("org.apache.activemq.store.jdbc.Statements", Map.of("tablePrefix", "retained_"))));
            default:
                throw new IllegalArgumentException(args[1]);
        }
    }

    private static Object made(String name, Map<String, ?> properties) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName(name).getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        Object object = constructor.newInstance(new Object[constructor.getParameterCount()]);
        for (Map.Entry<String, ?> property : properties.entrySet()) {
            if (!IntrospectionSupport.setProperty(object, property.getKey(), property.getValue())) {
                throw new IllegalArgumentException(name + " has no " + property.getKey());
            }
        }
        return object;
    }
}
