import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.store.TopicMessageStore;

/** {@link Subscribers} of a LevelDB store. Arguments: product or master, seconds a life. */
class SubscribersAtOnceCheck implements Subscribers.Brokers {
    private static final PrintStream OUT = System.out;
    /** Who would be told of a failure. */
    private static final Object NOBODY = null;

    private final String who;
    private final Path folder;
    private BrokerService broker;
    private int lives;

    private SubscribersAtOnceCheck(String who, Path folder) {
        this.who = who;
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        // The store writes there how far a long replay is.
        System.setOut(System.err);
        Path folder = Files.createTempDirectory("amq-store-");
        try {
            SubscribersAtOnceCheck brokers = new SubscribersAtOnceCheck(args[0], folder);
            brokers.start();
            new Subscribers(brokers).run(Integer.parseInt(args[1])).forEach(OUT::println);
        } finally {
            Support.remove(folder);
        }
        // The stores' threads would keep the process.
        System.exit(0);
    }

    @Override
    public ActiveMQConnection connect(String client) throws Exception {
        ActiveMQConnection connection = (ActiveMQConnection) new ActiveMQConnectionFactory("vm://broker?create=false").createConnection();
        if (client != null) connection.setClientID(client);
        connection.start();
        return connection;
    }

    @Override
    public int left(String client, String name) throws Exception {
        return ((TopicMessageStore) broker.getDestination(Subscribers.TOPIC).getMessageStore()).getMessageCount(client, name);
    }

    /** The successor has what is in the log. */
    @Override
    public void fail() throws Exception {
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
