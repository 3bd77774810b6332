package activemq.cluster;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.SubscriptionInfo;
import org.apache.activemq.command.XATransactionId;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.store.jdbc.JDBCPersistenceAdapter;
import org.apache.activemq.store.jdbc.JDBCTopicMessageStore;
import org.apache.activemq.store.jdbc.TransactionContext;

/**
 * A topic that keeps what its durable subscribers have not acknowledged.
 *
 * <p>The tables have one number of each subscription, its place: the last message that it has acknowledged. The original takes any
 * acknowledgment for one of everything before, too (JDBCTopicMessageStore.acknowledge, 6.3.1). But brokers also acknowledge single
 * messages: an expired one, one that was sent again after a failover; and so do clients, which receive messages of a higher priority
 * first. Here the place is before the first message that is left, and so is what is removed from the tables. What is acknowledged ahead
 * of it is known until the next master, and then comes again.
 */
final class DatabaseTopic extends JDBCTopicMessageStore {
    private static final int HIGHEST_PRIORITY = 9;

    private record Key(String client, String name, int priority) {}

    private final DatabaseStore store;
    private final Map<Key, SubscriberPlace> places = new ConcurrentHashMap<>();
    /** Places that are further than the database knows. */
    private final Set<SubscriberPlace> behind = ConcurrentHashMap.newKeySet();
    /** How far each subscription was read. */
    private final Map<Key, Long> read = new ConcurrentHashMap<>();
    /** Places with a transaction that this master has prepared: the next write takes it away, so it must come. */
    private final Set<SubscriberPlace> marked = ConcurrentHashMap.newKeySet();
    /** Subscriptions with an acknowledgment in a transaction that a former master has prepared: they are read from there on. */
    private final Set<Key> prepared = ConcurrentHashMap.newKeySet();
    private final WritesUnderWay writes;

    DatabaseTopic(DatabaseStore store, ActiveMQTopic topic) throws IOException {
        super(store, store.getAdapter(), store.getWireFormat(), topic, store.audit());
        this.store = store;
        writes = new WritesUnderWay(store::lastNumber);
    }

    @Override
    public void addMessage(ConnectionContext context, Message message) throws IOException {
        DatabaseTransaction transaction = store.getTransactionContext(context);
        if (transaction.isOpen()) {
            transaction.writesTo(writes);
            super.addMessage(context, message);
            return;
        }
        Object write = new Object();
        writes.begin(write);
        try {
            super.addMessage(context, message);
        } finally {
            writes.end(write);
        }
    }

    /** The original's notes of what is added are not used. */
    @Override
    protected void onAdd(Message message, long number, byte priority) {}

    /** Up to which number all of this topic's messages can be seen. */
    long complete() {
        return Math.min(writes.complete(), store.transactions().complete());
    }

    @Override
    public void addSubscription(SubscriptionInfo info, boolean retroactive) throws IOException {
        long complete = writes.complete();
        super.addSubscription(info, retroactive);
        TransactionContext c = store.getTransactionContext();
        try {
            // The original begins behind the last message of all destinations, and messages of this one may be under way before that.
            rows(c, 0).setBack(info.getClientId(), info.getSubscriptionName(), complete);
        } catch (SQLException e) {
            throw failure("The subscription " + info.getClientId() + ":" + info.getSubscriptionName() + " could not be set back", e);
        } finally {
            c.close();
        }
        forget(info.getClientId(), info.getSubscriptionName());
    }

    @Override
    public void deleteSubscription(String client, String name) throws IOException {
        super.deleteSubscription(client, name);
        forget(client, name);
    }

    @Override
    public void removeAllMessages(ConnectionContext context) throws IOException {
        super.removeAllMessages(context);
        places.clear();
        behind.clear();
        marked.clear();
    }

    private void forget(String client, String name) {
        for (int priority = 0; priority <= HIGHEST_PRIORITY; priority++) {
            SubscriberPlace place = places.remove(new Key(client, name, priority));
            if (place != null) {
                behind.remove(place);
                marked.remove(place);
            }
        }
    }

    /**
     * Has nothing to do for a message that is not stored, because it was published before the topic's first subscription. The original sets
     * the subscription back to the first message that is there.
     *
     * <p>And nothing for a duplicate that is no second copy: {@link DuplicateAck}.
     */
    @Override
    public void acknowledge(ConnectionContext context, String client, String name, MessageId message, MessageAck ack) throws IOException {
        DatabaseTransaction c = store.getTransactionContext(context);
        SubscriberPlace place;
        List<Long> number;
        long reached = 0;
        try {
            long[] row = row(c, message);
            place = row[0] == 0 ? null : place(c, new Key(client, name, (int) row[1]));
            if (place == null || DuplicateAck.is(ack) && !rows(c, place.priority).hasCopy(message, row[0], place.begin)) {
                return;
            }
            if (c.isOpen()) {
                c.acknowledge(this, place, row[0], context.getXid());
                return;
            }
            number = List.of(row[0]);
            // What the selector refuses is written with the next acknowledgment, or when unused messages are removed.
            if (!ack.isUnmatchedAck()) {
                reached = write(c, place, number, null);
            } else if (place.isCrowded()) {
                place.with(number, rows(c, place.priority));
            }
        } catch (SQLException e) {
            throw store.unread("What " + client + ":" + name + " acknowledges with " + message + " could not be read", e);
        } finally {
            c.close();
        }
        if (ack.isUnmatchedAck()) {
            place.add(number);
        } else {
            acknowledged(place, number, reached);
        }
    }

    private long[] row(TransactionContext c, MessageId message) throws SQLException, IOException {
        if (message.getEntryLocator() instanceof Long number && !isPrioritizedMessages()) {
            return new long[] {number, 0};
        }
        return getCachedStoreSequenceId(c, destination, message);
    }

    /** @return number and priority of a message's row: zeros when it is not stored */
    @Override
    public long[] getCachedStoreSequenceId(TransactionContext c, ActiveMQDestination topic, MessageId message) throws SQLException, IOException {
        long[] stored = adapter.getStoreSequenceId(c, topic, message);
        return message.getEntryLocator() instanceof Long number ? new long[] {number, stored[1]} : stored;
    }

    /**
     * Writes how far a subscription has come, unless the database has that.
     *
     * @param numbers of what is acknowledged with this
     * @param xid     of the transaction that is prepared with this, or null
     * @return what it wrote, or 0
     */
    long write(TransactionContext c, SubscriberPlace place, Collection<Long> numbers, XATransactionId xid) throws SQLException, IOException {
        // Before the place is locked: whoever has the last connection may wait for the place.
        c.getConnection();
        long reached = place.with(numbers, rows(c, place.priority));
        if (xid != null) {
            marked.add(place);
        } else if (!marked.remove(place) && !place.isNew(reached)) {
            return 0;
        }
        set(c, place, reached, xid);
        return reached;
    }

    /** Once it is committed. */
    void acknowledged(SubscriberPlace place, Collection<Long> numbers, long reached) {
        place.add(numbers);
        place.wrote(reached);
        if (place.isBehind()) {
            behind.add(place);
        }
    }

    /** Writes the places that were not written with their last acknowledgment, because messages before it were under way. */
    void writeBehind() throws IOException {
        for (SubscriberPlace place : behind) {
            behind.remove(place);
            write(place);
        }
    }

    /** Writes also how far subscriptions are by what they do not want. */
    void writeAll() throws IOException {
        for (SubscriberPlace place : places.values()) {
            if (place.isBehind()) {
                write(place);
            }
        }
    }

    private void write(SubscriberPlace place) throws IOException {
        TransactionContext c = store.getTransactionContext();
        long reached;
        try {
            reached = write(c, place, List.of(), null);
        } catch (SQLException e) {
            throw failure("The place of " + place.client + ":" + place.name + " could not be written", e);
        } finally {
            c.close();
        }
        acknowledged(place, List.of(), reached);
    }

    /** Of a transaction that a former master has prepared, the database has one number of each subscription. */
    void commitPrepared(DatabaseTransaction c, String client, String name, long reached, long priority) throws SQLException, IOException {
        SubscriberPlace place = place(c, new Key(client, name, isPrioritizedMessages() ? (int) priority : 0));
        if (place != null) {
            set(c, place, reached, null);
            c.afterCommit(() -> {
                place.addUpTo(reached);
                place.wrote(reached);
            });
        }
    }

    private void set(TransactionContext c, SubscriberPlace place, long reached, XATransactionId xid) throws SQLException, IOException {
        if (isPrioritizedMessages()) {
            adapter.doSetLastAckWithPriority(c, destination, xid, place.client, place.name, reached, place.priority);
        } else {
            adapter.doSetLastAck(c, destination, xid, place.client, place.name, reached, place.priority);
        }
    }

    /** Goes on, next time, before what may yet appear. A cursor refuses what it has had, and the messages behind that are not held up. */
    @Override
    public synchronized void recoverNextMessages(String client, String name, int most, MessageRecoveryListener cursor) throws Exception {
        long complete = writes.complete();
        TopicReader reader = new TopicReader(cursor, most, wireFormat);
        TransactionContext c = store.getTransactionContext();
        try {
            do {
                for (int priority = highestPriority(); priority >= 0 && !reader.isFull(); priority--) {
                    read(c, new Key(client, name, priority), most, reader);
                }
            } while (reader.goesOn());
        } catch (SQLException e) {
            JDBCPersistenceAdapter.log("JDBC Failure: ", e);
        } finally {
            c.close();
            for (int priority = highestPriority(); priority >= 0; priority--) {
                read.computeIfPresent(new Key(client, name, priority), (key, position) -> Math.min(position, complete));
            }
        }
    }

    private int highestPriority() {
        return isPrioritizedMessages() ? HIGHEST_PRIORITY : 0;
    }

    private void read(TransactionContext c, Key key, int most, TopicReader reader) throws Exception {
        SubscriberPlace place = place(c, key);
        if (place == null) {
            return;
        }
        long from = Math.max(place.place(), read.getOrDefault(key, 0L));
        reader.begin(place, from);
        if (isPrioritizedMessages()) {
            adapter.doRecoverNextMessagesWithPriority(c, destination, key.client(), key.name(), from, key.priority(), most, reader);
        } else {
            adapter.doRecoverNextMessages(c, destination, key.client(), key.name(), from, key.priority(), most, reader);
        }
        read.put(key, reader.position());
        place.add(reader.unwanted());
        for (Map.Entry<Long, MessageId> refused : reader.refused().entrySet()) {
            if (rows(c, place.priority).hasCopy(refused.getValue(), refused.getKey(), place.begin)) {
                place.add(List.of(refused.getKey()));
            }
        }
    }

    @Override
    public void resetBatching(String client, String name) {
        if (!prepared.contains(new Key(client, name, 0))) {
            read.keySet().removeIf(key -> key.client().equals(client) && key.name().equals(name));
        }
    }

    @Override
    public void pendingCompletion(String client, String name, long number, byte priority) {
        read.put(new Key(client, name, isPrioritizedMessages() ? priority : 0), number);
        prepared.add(new Key(client, name, 0));
    }

    @Override
    public void complete(String client, String name) {
        prepared.remove(new Key(client, name, 0));
    }

    /** For the check for expired messages, which acknowledges what this gives it. */
    @Override
    public void recover(MessageRecoveryListener listener) throws Exception {
        super.recover(new Numbered(listener));
    }

    @Override
    public int getMessageCount(String client, String name) throws IOException {
        TransactionContext c = store.getTransactionContext();
        try {
            int count = 0;
            for (int priority = highestPriority(); priority >= 0; priority--) {
                SubscriberPlace place = place(c, new Key(client, name, priority));
                count += place == null ? 0 : place.left(rows(c, priority));
            }
            return count;
        } catch (SQLException e) {
            throw failure("The messages of " + client + ":" + name + " could not be counted", e);
        } finally {
            c.close();
        }
    }

    /** @return null when there is no such subscription */
    private SubscriberPlace place(TransactionContext c, Key key) throws SQLException, IOException {
        SubscriberPlace place = places.get(key);
        if (place == null) {
            OptionalLong begin = rows(c, key.priority()).place(key.client(), key.name());
            if (begin.isPresent()) {
                place = places.computeIfAbsent(key, one -> new SubscriberPlace(one.client(), one.name(), one.priority(), begin.getAsLong()));
            }
        }
        return place;
    }

    private TopicRows rows(TransactionContext c, int priority) {
        return new TopicRows(this, store, c, priority);
    }

    private static IOException failure(String what, SQLException cause) {
        JDBCPersistenceAdapter.log("JDBC Failure: ", cause);
        return new IOException(what + ": " + cause.getMessage(), cause);
    }
}
