package activemq.cluster;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.command.XATransactionId;
import org.apache.activemq.store.jdbc.TransactionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is committed at once. An acknowledgment counts for others once it is committed: until then it may be undone, and what comes
 * behind it must not take it for granted. So does a message: the original also numbers one that could not be written, and a queue then
 * may count it, and hand it out, before its send fails (TransactionContext.close, Queue.doPendingCursorAdditions, 6.3.1).
 */
final class DatabaseTransaction extends TransactionContext {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseTransaction.class);

    private record Target(DatabaseTopic topic, SubscriberPlace place) {}

    private final DatabaseStore store;
    private final Map<Target, Set<Long>> acknowledged = new LinkedHashMap<>();
    /** Number messages. */
    private final List<Runnable> completions = new ArrayList<>();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private final Set<WritesUnderWay> writes = new HashSet<>();
    private XATransactionId prepares;
    private boolean open;

    DatabaseTransaction(DatabaseStore store) throws IOException {
        super(store, store.getNetworkTimeout(), store.getQueryTimeout());
        this.store = store;
    }

    /** False when each statement is committed by itself. */
    boolean isOpen() {
        return open;
    }

    @Override
    public void begin() throws IOException {
        super.begin();
        open = true;
        writesTo(store.transactions());
    }

    void writesTo(WritesUnderWay table) {
        table.begin(this);
        writes.add(table);
    }

    /** @param xid of the transaction that this prepares, or null */
    void acknowledge(DatabaseTopic topic, SubscriberPlace place, long number, XATransactionId xid) {
        prepares = xid;
        acknowledged.computeIfAbsent(new Target(topic, place), key -> new HashSet<>()).add(number);
    }

    void afterCommit(Runnable call) {
        afterCommit.add(call);
    }

    @Override
    public void commit() throws IOException {
        try {
            for (Map.Entry<Target, Set<Long>> one : acknowledged.entrySet()) {
                write(one.getKey().topic(), one.getKey().place(), one.getValue());
            }
        } catch (SQLException e) {
            undo();
            throw store.unread("Which messages a transaction acknowledges could not be read", e);
        }
        List<Runnable> calls = new ArrayList<>(completions);
        calls.addAll(afterCommit);
        try {
            super.commit();
        } finally {
            end();
        }
        calls.forEach(Runnable::run);
    }

    @Override
    public void onCompletion(Runnable numbering) {
        completions.add(numbering);
    }

    /** Writes and commits what was asked for, unless a transaction is open. */
    @Override
    public void close() throws IOException {
        if (open) {
            super.close();
            return;
        }
        List<Runnable> calls = getAddMessageStatement() == null ? List.of() : List.copyOf(completions);
        completions.clear();
        super.close();
        calls.forEach(Runnable::run);
    }

    /** What comes of that nobody has to know: the connection goes back, and the database forgets what was not committed. */
    private void undo() {
        try {
            rollback();
        } catch (IOException e) {
            LOG.debug("the transaction's connection has failed", e);
        }
    }

    private void write(DatabaseTopic topic, SubscriberPlace place, Set<Long> numbers) throws SQLException, IOException {
        long reached = topic.write(this, place, numbers, prepares);
        if (prepares == null) {
            afterCommit.add(() -> topic.acknowledged(place, numbers, reached));
        }
    }

    @Override
    public void rollback() throws IOException {
        try {
            super.rollback();
        } finally {
            end();
        }
    }

    private void end() {
        open = false;
        writes.forEach(table -> table.end(this));
        writes.clear();
        acknowledged.clear();
        completions.clear();
        afterCommit.clear();
    }
}
