import activemq.cluster.GroupDatabase;
import activemq.cluster.GroupLease;
import jakarta.jms.JMSException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.broker.region.policy.PolicyEntry;
import org.apache.activemq.broker.region.policy.PolicyMap;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.store.PersistenceAdapter;
import org.apache.activemq.store.TopicMessageStore;
import org.apache.activemq.store.jdbc.JDBCPersistenceAdapter;
import org.apache.activemq.store.jdbc.Statements;
import org.apache.activemq.store.jdbc.adapter.PostgresqlJDBCAdapter;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;
import org.apache.activemq.util.DefaultIOExceptionHandler;

/**
 * Brokers of release 6.3 that follow one another in one process, on one store. Arguments: product or ours, for the classes; then, unless
 * the store is KahaDB, the URL of a database and its user, whose password is in the environment.
 */
class Group implements Subscribers.Brokers, AutoCloseable {
    private static final String TABLES = "one_jvm";

    private final String[] arguments;
    private final Path folder;
    private JDBCPersistenceAdapter store;
    private BrokerService broker;
    private int lives;

    Group(String[] arguments) throws Exception {
        this.arguments = arguments;
        folder = Files.createTempDirectory("amq-store-");
        if (isInDatabase()) removeTables();
    }

    boolean isInDatabase() {
        return arguments.length > 1;
    }

    BrokerService broker() {
        return broker;
    }

    /** The present broker's. */
    JDBCPersistenceAdapter store() {
        return store;
    }

    @Override
    public ActiveMQConnection connect(String client) throws JMSException {
        String url = "vm://" + broker.getBrokerName() + "?create=false&jms.messagePrioritySupported=true";
        ActiveMQConnection connection = (ActiveMQConnection) new ActiveMQConnectionFactory(url).createConnection();
        if (client != null) connection.setClientID(client);
        connection.start();
        return connection;
    }

    /** @return a context whose writes are in a transaction of the database */
    ConnectionContext begin() throws IOException {
        ConnectionContext context = new ConnectionContext();
        store.beginTransaction(context);
        return context;
    }

    /** Makes the database refuse acknowledgments. */
    void refuse(boolean all) throws SQLException {
        refuse(all, "UPDATE", "acks");
    }

    /** Makes the database refuse messages. */
    void refuseMessages(boolean all) throws SQLException {
        refuse(all, "INSERT", "msgs");
    }

    private void refuse(boolean all, String write, String table) throws SQLException {
        sql("CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$");
        String on = " ON " + TABLES + "_" + table;
        sql(all ? "CREATE TRIGGER refuse BEFORE " + write + on + " EXECUTE FUNCTION refuse()" : "DROP TRIGGER refuse" + on);
    }

    /** Removes unused messages: the store does that for one priority at a time. */
    void cleanUp() {
        for (int priority = 0; store != null && priority < 10; priority++) store.cleanup();
    }

    @Override
    public int left(String client, String name) throws Exception {
        return ((TopicMessageStore) broker.getDestination(Subscribers.TOPIC).getMessageStore()).getMessageCount(client, name);
    }

    /** Another broker goes on with what the store has. */
    @Override
    public void fail() throws Exception {
        broker.stop();
        broker.waitUntilStopped();
        start();
    }

    void start() throws Exception {
        broker = new BrokerService();
        broker.setBrokerName("broker" + lives++);
        broker.setUseJmx(false);
        broker.setAdvisorySupport(false);
        broker.setUseShutdownHook(false);
        broker.setDataDirectory(folder.resolve("data").toString());
        PolicyEntry prioritized = new PolicyEntry();
        prioritized.setPrioritizedMessages(true);
        PolicyMap policies = new PolicyMap();
        policies.put(new ActiveMQTopic("prioritized.>"), prioritized);
        broker.setDestinationPolicy(policies);
        broker.setPersistenceAdapter(makeStore());
        // A refusal by the database would stop it.
        broker.setIoExceptionHandler(new DefaultIOExceptionHandler() {
            @Override
            public void handle(IOException exception) {}
        });
        broker.start();
        broker.waitUntilStarted();
    }

    private PersistenceAdapter makeStore() throws Exception {
        if (!isInDatabase()) {
            KahaDBPersistenceAdapter files = make("FileStore", KahaDBPersistenceAdapter.class);
            files.setDirectory(folder.resolve("kahadb").toFile());
            return files;
        }
        store = make("DatabaseStore", JDBCPersistenceAdapter.class);
        Statements statements = new Statements();
        statements.setMessageTableName(TABLES + "_msgs");
        statements.setDurableSubAcksTableName(TABLES + "_acks");
        statements.setLockTableName(TABLES + "_lock");
        store.setStatements(statements);
        PostgresqlJDBCAdapter adapter = new PostgresqlJDBCAdapter();
        adapter.setAcksPkName("pk_" + TABLES + "_acks");
        store.setAdapter(adapter);
        store.setDataSource(database(broker.getBrokerName()));
        store.setCreateTablesOnStartup(false);
        store.setLockKeepAlivePeriod(2000);
        GroupLease lease = new GroupLease();
        lease.setLockAcquireSleepInterval(5000);
        store.setLocker(lease);
        return store;
    }

    /** @return an object of our class, or of the product's */
    private <T> T make(String ours, Class<T> product) throws ReflectiveOperationException {
        boolean isOurs = arguments[0].equals("ours");
        Class<?> type = isOurs ? Class.forName("activemq.cluster." + ours) : product;
        return product.cast(type.getDeclaredConstructor().newInstance());
    }

    /** @param name null for connections that are no broker's */
    private GroupDatabase database(String name) {
        GroupDatabase database = new GroupDatabase();
        if (name != null) database.setBroker(name);
        database.setUrl(arguments[1]);
        database.setUsername(arguments[2]);
        database.setPassword(System.getenv("PASSWORD"));
        return database;
    }

    private void sql(String text) throws SQLException {
        try (GroupDatabase database = database(null);
                java.sql.Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(text);
        }
    }

    /** How many messages of a topic the database has. */
    int rows(String topic) throws SQLException {
        return (int) number("SELECT count(*) FROM " + TABLES + "_msgs WHERE CONTAINER = 'topic://" + topic + "'");
    }

    /** How far a client has acknowledged, for all that the database knows. */
    long place(String client) throws SQLException {
        return number("SELECT max(LAST_ACKED_ID) FROM " + TABLES + "_acks WHERE CLIENT_ID = '" + client + "'");
    }

    private long number(String query) throws SQLException {
        try (GroupDatabase database = database(null);
                java.sql.Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void removeTables() throws SQLException {
        sql("DROP TABLE IF EXISTS " + TABLES + "_msgs, " + TABLES + "_acks, " + TABLES + "_lock");
        sql("DROP FUNCTION IF EXISTS " + TABLES + "_lock_fence, refuse");
    }

    @Override
    public void close() throws Exception {
        if (broker != null) broker.stop();
        if (isInDatabase()) removeTables();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
