package activemq.cluster;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.store.PersistenceAdapter;
import org.apache.activemq.store.jdbc.LeaseDatabaseLocker;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The product's lease on a PostgreSQL database, which also makes the group's tables, sees to it that nobody but who holds it writes to
 * them ({@link GroupFence}), and shows in {@link GroupLock} whether this broker waits and when the database last answered.
 *
 * <p>The product makes tables in one transaction at every start (DefaultJDBCAdapter.doCreateTables, 6.3.1), and PostgreSQL refuses
 * everything in a transaction after the first statement that failed: of brokers that start side by side each can find a table of
 * another's and leave out the rest, for ever. Here one broker at a time makes them, each statement by itself, once.
 *
 * <p>A lease ends at a time, and the clock that counts is the database's. The product compares clocks once in the life of a process
 * at most (initTimeDiff), so that a broker whose clock is set later takes a lease that is not over, beside its master.
 */
public final class GroupLease extends LeaseDatabaseLocker {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLease.class);
    /** Of PostgreSQL's advisory locks, the one for making tables. */
    private static final long TABLES_LOCK = 0x616d71;

    /** Less may be the way to the database and back. */
    private static final long REMARKABLE_MILLIS = 1000;

    /** Between two looks for writes that are ending. */
    private static final long LOOK_MILLIS = 50;

    /** Between two tries for the lease. */
    private static final long TRY_MILLIS = 1000;

    /** Whether this thread renews the lease, for {@link DatabaseErrors}. */
    private static final ThreadLocal<Boolean> RENEWING = ThreadLocal.withInitial(() -> false);

    private final GroupLock lock = new GroupLock();

    public GroupLease() {
        diffFromCurrentTime = 0;
    }

    /** The lease is held by the name that the connections say, or the fence would refuse the master. */
    @Override
    public void configure(PersistenceAdapter adapter) throws IOException {
        super.configure(adapter);
        if (!(dataSource instanceof GroupDatabase database)) {
            throw new IOException("the data source has to be a " + GroupDatabase.class.getName() + ", not " + dataSource);
        }
        setLeaseHolderId(database.getHolder());
    }

    @Override
    public void doStart() throws Exception {
        lock.await();
        try {
            while (!madeTables()) {
                pause();
            }
            LOG.info("{} waits for the lease", getLeaseHolderId());
            while (!tookLease() || !isAlone()) {
                pause();
            }
            LOG.info("{} has the lease, and becomes the master", getLeaseHolderId());
        } finally {
            lock.end();
        }
    }

    private void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(TRY_MILLIS);
        if (isStopping()) {
            throw new IllegalStateException("told to stop before this broker was the master");
        }
    }

    /**
     * The product tries as often as a lease is long (LeaseDatabaseLocker.doStart, 6.3.1), which would make a failover take up to two
     * leases, and one whose lease was given up take one.
     *
     * @return false when another one has the lease, or the database does not answer
     */
    private boolean tookLease() {
        try (Connection connection = getConnection();
                PreparedStatement statement = connection.prepareStatement(getStatements().getLeaseObtainStatement())) {
            long now = System.currentTimeMillis() + initTimeDiff(connection);
            statement.setString(1, getLeaseHolderId());
            statement.setLong(2, now + getLockAcquireSleepInterval());
            statement.setLong(3, now);
            return statement.executeUpdate() == 1;
        } catch (SQLException e) {
            // Every second while the database is away: without the stack.
            LOG.warn("The lease could not be asked for; trying again: {}", e.getMessage());
            return false;
        }
    }

    /** A renewal whose outcome is unknown does no harm: the next one tells who has the lease. */
    static boolean isRenewing() {
        return RENEWING.get();
    }

    @Override
    public boolean keepAlive() throws IOException {
        RENEWING.set(true);
        try {
            return super.keepAlive();
        } finally {
            RENEWING.remove();
        }
    }

    /**
     * Waits until nothing is under way that another broker began to write. Only then the messages may be counted.
     *
     * <p>Then it renews the lease once more. Ending a session that waits for a synchronous standby shows its write before the standby
     * has it, and so does a database that was started again. This broker would acknowledge what it sees there when a client sends it
     * again. Its own commit comes later, and the standby has everything before it.
     *
     * @return false when the lease has gone to another one meanwhile
     */
    private boolean isAlone() throws InterruptedException {
        GroupFence fence = new GroupFence(getStatements());
        while (!isStopping()) {
            try {
                if (!keepAlive()) {
                    return false;
                }
                try (Connection connection = getConnection(); Statement statement = connection.createStatement()) {
                    if (fence.endEarlierWrites(statement)) {
                        return keepAlive();
                    }
                }
                LOG.info("Ending what an earlier master is still writing");
            } catch (IOException | SQLException e) {
                LOG.warn("It could not be asked whether an earlier master is still writing; trying again", e);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        throw new IllegalStateException("told to stop before this broker was the only one that writes");
    }

    /** Every try for the lease and every renewal begins here. */
    @Override
    protected Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        lock.answered();
        return connection;
    }

    /** What is to be added to this machine's clock, measured anew every time. */
    @Override
    protected long initTimeDiff(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")) {
            rows.next();
            long difference = rows.getLong(1) - System.currentTimeMillis();
            if (Math.abs(difference - diffFromCurrentTime) > REMARKABLE_MILLIS) {
                LOG.info("This machine's clock and the database's differ by {} ms; the database's counts", difference);
            }
            diffFromCurrentTime = difference;
            return difference;
        }
    }

    /** @return false when the database does not answer */
    private boolean madeTables() {
        try (Connection connection = getConnection(); Statement statement = connection.createStatement()) {
            GroupFence fence = new GroupFence(getStatements());
            if (hasTables(statement) && fence.isMade(statement)) {
                return true;
            }
            statement.execute("SELECT pg_advisory_lock(" + TABLES_LOCK + ")");
            try {
                if (!hasTables(statement)) {
                    makeTables(statement);
                }
                if (hasTables(statement) && !fence.isMade(statement)) {
                    LOG.info("Making the fence of the group's tables");
                    fence.make(statement);
                }
            } finally {
                statement.execute("SELECT pg_advisory_unlock(" + TABLES_LOCK + ")");
            }
            return hasTables(statement);
        } catch (SQLException e) {
            LOG.warn("The group's tables could not be looked for or made; trying again: {}", e.getMessage());
            return false;
        }
    }

    /** The lock's only row is what is made last. */
    private boolean hasTables(Statement statement) {
        String sql = "SELECT ID FROM " + getStatements().getFullLockTableName();
        try (ResultSet rows = statement.executeQuery(sql)) {
            return rows.next();
        } catch (SQLException e) {
            LOG.debug("{}: no such table yet", sql, e);
            return false;
        }
    }

    private void makeTables(Statement statement) throws SQLException {
        for (String sql : getStatements().getCreateSchemaStatements()) {
            LOG.info("Making the group's tables: {}", sql);
            try {
                statement.execute(sql);
            } catch (SQLException e) {
                // Left by a process that died half-way. What matters is asked for at the end, and used before a port opens.
                LOG.info("Not made: {}", e.getMessage());
            }
        }
    }
}
