package activemq.cluster;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.WeakHashMap;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.SubscriptionInfo;
import org.apache.activemq.leveldb.CountDownFuture;
import org.apache.activemq.leveldb.DelayableUOW;
import org.apache.activemq.leveldb.DurableSubscription;
import org.apache.activemq.leveldb.EntryLocator;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.SubAckRecord;
import org.apache.activemq.store.MessageRecoveryListener;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConversions;
import scala.collection.mutable.ListBuffer;
import scala.runtime.AbstractFunction1;

/**
 * A topic that keeps what its durable subscribers have not acknowledged.
 *
 * <p>The store remembers one number of each subscription: the last message that it has acknowledged. The original takes any
 * acknowledgment for one of everything before, too (LevelDBStore.doUpdateAckPosition, line 992), and a failover, or a collection of
 * unused messages, makes that true. But brokers also acknowledge single messages: one that was sent again after a failover, one that
 * does not match the selector, an expired one; and so do clients, which receive messages of a higher priority first. Here the number
 * is that of the last message before the first one which is left. What is acknowledged ahead of it is known until the next failover,
 * and then comes again.
 */
@SuppressWarnings("serial") // Scala makes every case class serializable; nobody does it
final class TopicStore extends LevelDBStore.LevelDBTopicMessageStore {
    private final LevelDBStore store;
    private final Map<DurableSubscription, Acknowledged> acknowledged = Collections.synchronizedMap(new WeakHashMap<>());
    /** Messages that have a number, and perhaps are not in the index yet. */
    private final TreeMap<Long, CountDownFuture<Object>> underWay = new TreeMap<>();
    private final StoredCopies copies = new StoredCopies();

    TopicStore(LevelDBStore store, ActiveMQDestination topic, long key) {
        store.super(topic, key);
        this.store = store;
    }

    @Override
    public CountDownFuture<Object> doAdd(DelayableUOW unit, ConnectionContext context, Message message, boolean delay) {
        synchronized (underWay) {
            CountDownFuture<Object> stored = super.doAdd(unit, context, message, delay);
            while (!underWay.isEmpty() && underWay.firstEntry().getValue().isDone()) {
                underWay.pollFirstEntry();
            }
            underWay.put(number(message), stored);
            copies.met(message.getMessageId(), number(message));
            return stored;
        }
    }

    /** @return the first number at which the index may lack a message that will be there */
    private long written() {
        synchronized (underWay) {
            return underWay.entrySet().stream().filter(one -> !one.getValue().isDone()).map(Map.Entry::getKey).findFirst()
                    .orElse(lastSeq().get() + 1);
        }
    }

    /** Does not know the messages before it, which another subscription may still have to acknowledge. */
    @Override
    public void addSubscription(SubscriptionInfo info, boolean retroactive) {
        long place = retroactive ? 0 : lastSeq().get();
        super.addSubscription(info, retroactive);
        DurableSubscription added = subscription(info.getClientId(), info.getSubscriptionName());
        if (added != null) {
            acknowledged.put(added, new Acknowledged(Math.max(place, added.lastAckPosition())));
        }
    }

    /** Also of a transaction, when it is committed. */
    @Override
    public ListBuffer<SubAckRecord> doUpdateAckPosition(DelayableUOW unit, DurableSubscription subscription, long number) {
        return super.doUpdateAckPosition(unit, subscription, of(subscription).add(number, this::firstIn));
    }

    /**
     * Has nothing to do for a message that was published before the topic's first subscription, and so is not stored. The original fails
     * there, for the client unseen, and drops the acknowledgments that came with this one.
     *
     * <p>And nothing for a duplicate that is no second copy: {@link DuplicateAck}.
     */
    @Override
    public void acknowledge(ConnectionContext context, String client, String name, MessageId message, MessageAck ack) {
        DurableSubscription subscription = subscription(client, name);
        if (subscription == null || !(message.getEntryLocator() instanceof EntryLocator here)) {
            return;
        }
        if (!DuplicateAck.is(ack) || copies.hasFirst(here.seq(), of(subscription))) {
            super.acknowledge(context, client, name, message, ack);
        }
    }

    /** Goes on, next time, before a gap in the index that is about to be filled. The cursor refuses what it reads twice. */
    @Override
    public void recoverNextMessages(String client, String name, int most, MessageRecoveryListener cursor) {
        DurableSubscription subscription = subscription(client, name);
        if (subscription != null) {
            long end = written();
            super.recoverNextMessages(client, name, most, new UnreadMessages(cursor, of(subscription), copies));
            subscription.cursorPosition_$eq(Math.min(subscription.cursorPosition(), end));
        }
    }

    @Override
    public void recoverSubscription(String client, String name, MessageRecoveryListener listener) {
        DurableSubscription subscription = subscription(client, name);
        if (subscription != null) {
            super.recoverSubscription(client, name, new UnreadMessages(listener, of(subscription), copies));
        }
    }

    @Override
    public int getMessageCount(String client, String name) {
        DurableSubscription subscription = subscription(client, name);
        return subscription == null ? 0 : (int) of(subscription).left(lastSeq().get());
    }

    /** Messages before this one are removed. The original's own note of it runs ahead when a transaction is committed (line 516). */
    @Override
    public Option<Tuple2<Object, Object>> gcPosition() {
        long last = lastSeq().get();
        synchronized (subscriptions()) {
            for (DurableSubscription one : JavaConversions.asJavaCollection(subscriptions().values())) {
                Acknowledged known = acknowledged.get(one);
                last = Math.min(last, known == null ? one.gcPosition() : known.place());
            }
        }
        if (firstSeq() == last + 1) {
            return Option.empty();
        }
        firstSeq_$eq(last + 1);
        return Option.apply(new Tuple2<>(key(), last + 1));
    }

    private DurableSubscription subscription(String client, String name) {
        store.check_running();
        synchronized (subscriptions()) {
            Option<DurableSubscription> found = subscriptions().get(new Tuple2<>(client, name));
            return found.isEmpty() ? null : found.get();
        }
    }

    /** What was loaded of a subscription is its place when it is first asked for. A prepared acknowledgment changes the other number. */
    private Acknowledged of(DurableSubscription subscription) {
        return acknowledged.computeIfAbsent(subscription, loaded -> new Acknowledged(loaded.gcPosition()));
    }

    /** @see Acknowledged.Search */
    private long firstIn(long from, long to) {
        long end = Math.min(to, written());
        long[] first = {end};
        if (from < end) {
            store.db().client().queueCursor(key(), from, end, new AbstractFunction1<Message, Object>() {
                @Override
                public Object apply(Message message) {
                    first[0] = number(message);
                    return false;
                }
            });
        }
        return first[0];
    }

    /** @return a stored message's number in its topic */
    static long number(Message message) {
        return ((EntryLocator) message.getMessageId().getEntryLocator()).seq();
    }
}
