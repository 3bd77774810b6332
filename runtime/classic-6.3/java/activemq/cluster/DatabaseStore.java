package activemq.cluster;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.ActiveMQMessageAudit;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.store.TopicMessageStore;
import org.apache.activemq.store.jdbc.JDBCPersistenceAdapter;
import org.apache.activemq.store.memory.MemoryTransactionStore;
import org.apache.activemq.util.ServiceStopper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The product's store in a database, with topics that keep what their durable subscribers have not acknowledged: {@link DatabaseTopic}. */
public final class DatabaseStore extends JDBCPersistenceAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(DatabaseStore.class);
    private static final int BEHIND_MILLIS = 1000;

    private final Map<ActiveMQDestination, DatabaseTopic> topics = new ConcurrentHashMap<>();
    private final WritesUnderWay transactions = new WritesUnderWay(this::lastNumber);
    private Future<?> behind;

    /** Writes of one broker to a subscription may overtake each other: the furthest one counts. */
    @Override
    public void doStart() throws Exception {
        String update = "UPDATE " + getStatements().getFullAckTableName()
                + " SET LAST_ACKED_ID = greatest(LAST_ACKED_ID, ?), XID = NULL WHERE CONTAINER=? AND CLIENT_ID=? AND SUB_NAME=?";
        getStatements().setUpdateDurableLastAckStatement(update);
        getStatements().setUpdateDurableLastAckWithPriorityStatement(update + " AND PRIORITY=?");
        super.doStart();
        behind = getScheduledThreadPoolExecutor().scheduleWithFixedDelay(this::writeBehind, BEHIND_MILLIS, BEHIND_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public synchronized void doStop(ServiceStopper stopper) throws Exception {
        if (behind != null) {
            behind.cancel(false);
        }
        super.doStop(stopper);
    }

    private void writeBehind() {
        try {
            for (DatabaseTopic topic : topics.values()) {
                topic.writeBehind();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("How far subscriptions are could not be written; trying again with their next acknowledgment", e);
        }
    }

    /** Removes what all subscribers have acknowledged, or do not want. */
    @Override
    public void cleanup() {
        try {
            for (DatabaseTopic topic : topics.values()) {
                topic.writeAll();
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("How far subscriptions are could not be written; messages may stay until the next time", e);
        }
        super.cleanup();
    }

    @Override
    public TopicMessageStore createTopicMessageStore(ActiveMQTopic topic) throws IOException {
        TopicMessageStore known = (TopicMessageStore) storeCache.get(topic);
        if (known != null) {
            return known;
        }
        DatabaseTopic store = new DatabaseTopic(this, topic);
        TopicMessageStore proxy = ((MemoryTransactionStore) createTransactionStore()).proxy(store);
        topics.put(topic, store);
        storeCache.put(topic, proxy);
        return proxy;
    }

    @Override
    public void removeTopicMessageStore(ActiveMQTopic topic) {
        super.removeTopicMessageStore(topic);
        topics.remove(topic);
    }

    @Override
    public DatabaseTransaction getTransactionContext() throws IOException {
        return new DatabaseTransaction(this);
    }

    @Override
    public DatabaseTransaction getTransactionContext(ConnectionContext context) throws IOException {
        return (DatabaseTransaction) super.getTransactionContext(context);
    }

    @Override
    public void commitLastAck(ConnectionContext context, long number, long priority, ActiveMQDestination topic, String name, String client)
            throws IOException {
        DatabaseTransaction c = getTransactionContext(context);
        try {
            DatabaseTopic store = topics.get(topic);
            if (store != null) {
                store.commitPrepared(c, client, name, number, priority);
            }
        } catch (SQLException e) {
            log("JDBC Failure: ", e);
            throw new IOException("The acknowledgment of " + client + ":" + name + " could not be committed: " + e.getMessage(), e);
        } finally {
            c.close();
        }
    }

    /**
     * Tells the handler of failures that nothing was written, because the database could not be asked before.
     *
     * @return what to throw when the handler does not
     */
    IOException unread(String what, SQLException cause) {
        log("JDBC Failure: ", cause);
        IOException failure = new IOException(what + ": " + cause.getMessage(), new GroupDatabase.NotConnected(cause));
        getBrokerService().handleIOException(failure);
        return failure;
    }

    /** What has begun, on any destination. */
    WritesUnderWay transactions() {
        return transactions;
    }

    /** The number of the last message that has got one. */
    long lastNumber() {
        return sequenceGenerator.getLastSequenceId();
    }

    ActiveMQMessageAudit audit() {
        return audit;
    }
}
