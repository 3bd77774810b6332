import activemq.cluster.GroupDatabase;
import activemq.cluster.GroupLease;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.store.jdbc.JDBCPersistenceAdapter;
import org.apache.activemq.store.jdbc.Statements;
import org.apache.activemq.store.jdbc.adapter.PostgresqlJDBCAdapter;

/** Two brokers of a group take the lease one after the other: what the first one can still do. Arguments: the database's URL, its user. */
class FenceCheck {
    private static final int LEASE_MILLIS = 500;

    public static void main(String[] args) throws Exception {
        GroupDatabase before = database("before", args);
        GroupDatabase after = database("after", args);
        GroupDatabase nobody = database(null, args);
        run(nobody, "DROP TABLE IF EXISTS fence_msgs, fence_acks, fence_lock");

        takeLease(before);
        System.out.println("before: " + run(before, "INSERT INTO fence_msgs (ID, CONTAINER) VALUES (1, 'queue')"));
        System.out.println("after, too early: " + run(after, "INSERT INTO fence_msgs (ID, CONTAINER) VALUES (2, 'queue')"));
        Connection open = before.getConnection();
        open.setAutoCommit(false);
        System.out.println("before, in a transaction: " + run(open, "INSERT INTO fence_msgs (ID, CONTAINER) VALUES (3, 'queue')"));

        // Nobody renews the lease: the first broker stands still.
        takeLease(after);
        System.out.println("before, going on in it: " + commit(open));
        System.out.println("before: " + run(before, "INSERT INTO fence_msgs (ID, CONTAINER) VALUES (4, 'queue')"));
        System.out.println("before: " + run(before, "DELETE FROM fence_msgs WHERE ID = 1"));
        System.out.println("before: " + run(before, "UPDATE fence_acks SET LAST_ACKED_ID = 1"));
        System.out.println("after: " + run(after, "INSERT INTO fence_msgs (ID, CONTAINER) VALUES (4, 'queue')"));
        System.out.println("stored: " + ids(nobody));
        System.out.println("an administrator: " + run(nobody, "DROP TABLE fence_msgs, fence_acks, fence_lock"));
        run(nobody, "DROP FUNCTION fence_lock_fence()");
        System.exit(0);
    }

    /** @param broker null for connections that are no broker's */
    private static GroupDatabase database(String broker, String[] args) {
        GroupDatabase database = new GroupDatabase();
        if (broker != null) {
            database.setBroker(broker);
        }
        database.setUrl(args[0]);
        database.setUsername(args[1]);
        database.setPassword(System.getenv("PASSWORD"));
        return database;
    }

    private static void takeLease(GroupDatabase database) throws Exception {
        Statements statements = new Statements();
        statements.setMessageTableName("fence_msgs");
        statements.setDurableSubAcksTableName("fence_acks");
        statements.setLockTableName("fence_lock");
        JDBCPersistenceAdapter store = new JDBCPersistenceAdapter();
        store.setBrokerService(new BrokerService());
        store.setDataSource(database);
        store.setStatements(statements);
        PostgresqlJDBCAdapter adapter = new PostgresqlJDBCAdapter();
        adapter.setAcksPkName("pk_fence_acks");
        store.setAdapter(adapter);
        store.setLockKeepAlivePeriod(LEASE_MILLIS / 2);
        GroupLease lease = new GroupLease();
        lease.setLockAcquireSleepInterval(LEASE_MILLIS);
        store.setLocker(lease);
        lease.start();
    }

    private static String run(GroupDatabase database, String sql) throws SQLException {
        try (Connection connection = database.getConnection()) {
            return run(connection, sql);
        }
    }

    private static String run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            return "done";
        } catch (SQLException e) {
            return said(e);
        }
    }

    private static String commit(Connection connection) {
        try {
            connection.commit();
            return "done";
        } catch (SQLException e) {
            return said(e);
        }
    }

    /** Its first line, without the part of a name that is another one in every process. */
    private static String said(SQLException e) {
        return e.getMessage().lines().findFirst().orElse("").replaceAll("#[0-9a-f]{8}", "");
    }

    private static String ids(GroupDatabase database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT string_agg(ID::text, ' ' ORDER BY ID) FROM fence_msgs")) {
            rows.next();
            return rows.getString(1);
        }
    }
}
