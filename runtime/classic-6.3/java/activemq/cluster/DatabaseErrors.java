package activemq.cluster;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.activemq.broker.LockableServiceSupport;
import org.apache.activemq.broker.SuppressReplyException;
import org.apache.activemq.util.LeaseLockerIOExceptionHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a master does when the database fails: it ends when the outcome of a write is unknown, and otherwise waits behind closed ports.
 *
 * <p>A connection that breaks while the database answers a write leaves it in doubt whether the write was committed. The product takes it
 * for failed, and goes on in the same process once the database is back (DefaultIOExceptionHandler, 6.3.1). If the write was committed,
 * memory and tables differ from then on: a message of a transaction is never counted or given out, a message that is sent again is taken
 * for a duplicate, a prepared XA transaction is unknown. What a process starts with is read from the tables, so the next master is right
 * whatever the outcome was. No client is answered: each sends again what it got no answer for.
 *
 * <p>What the store passes to a handler are the writes of messages, acknowledgements and transactions (TransactionContext). The others,
 * such as those of subscriptions, fail for the client that asked, and are the same when they are made twice.
 */
public final class DatabaseErrors extends LeaseLockerIOExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseErrors.class);

    /**
     * Classes of SQLSTATE with which PostgreSQL refuses a statement and goes on: nothing was written. Others tell of a connection or of a
     * server that ends (08, 57, 58, XX), and errors of the driver may have none.
     */
    private static final Set<String> REFUSALS = Set.of("22", "23", "25", "40", "42", "53", "54", "55", "P0");

    /** Of class 40, but no refusal. */
    private static final String COMPLETION_UNKNOWN = "40003";

    /** How long the database may take to note that the lease is free. Without that it ends by itself. */
    private static final long LONGEST_RELEASE_MILLIS = 2000;

    private final AtomicBoolean ending = new AtomicBoolean();

    @Override
    public void handle(IOException exception) {
        if (GroupLease.isRenewing() || !isOutcomeUnknown(exception)) {
            super.handle(exception);
            return;
        }
        if (ending.compareAndSet(false, true)) {
            LOG.error("Whether the database has committed a write is unknown; ending the process so that the next master reads what is there", exception);
            LastFailure.remember("The outcome of a write to the database is unknown", exception);
            new Thread(this::end, "DatabaseErrors").start();
        }
        throw new SuppressReplyException("the outcome of a write is unknown", exception);
    }

    static boolean isOutcomeUnknown(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof GroupDatabase.NotConnected) {
                return false;
            }
            if (cause instanceof SQLException error) {
                String state = error.getSQLState();
                return state == null || state.length() < 2 || state.equals(COMPLETION_UNKNOWN) || !REFUSALS.contains(state.substring(0, 2));
            }
        }
        return false;
    }

    /**
     * Gives the lease up, so that the next master need not wait for its end. From then on the database refuses what this process writes
     * ({@link GroupFence}), so it need not stop first. It does not stop at all: a stop waits for the connections that hang.
     */
    private void end() {
        Thread release = new Thread(this::releaseLease, "DatabaseErrors lease");
        release.start();
        try {
            release.join(LONGEST_RELEASE_MILLIS);
        } catch (InterruptedException e) {
            LOG.debug("not waiting any longer", e);
        }
        Runtime.getRuntime().halt(BrokerMain.EXIT_CODE);
    }

    private void releaseLease() {
        try {
            if (broker.getPersistenceAdapter() instanceof LockableServiceSupport store) {
                store.getLocker().stop();
            }
        } catch (Exception e) {
            LOG.warn("The lease could not be given up", e);
        }
    }
}
