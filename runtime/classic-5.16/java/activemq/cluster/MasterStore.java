package activemq.cluster;

import java.util.ArrayList;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.leveldb.DurableSubscription;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.replicated.MasterLevelDBClient;
import org.apache.activemq.leveldb.replicated.MasterLevelDBStore;
import org.iq80.leveldb.ReadOptions;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConversions;
import scala.collection.Seq;

/** A master's half of {@link GroupStore}. */
final class MasterStore extends MasterLevelDBStore {
    private final Leaving leaving;
    /** False for the constructor of a superclass, too. */
    private volatile boolean opened;

    MasterStore(Leaving leaving) {
        this.leaving = leaving;
    }

    /**
     * Starts serving, or ends the process so that another member is elected and a supervisor starts a fresh one.
     *
     * <p>ElectingLevelDBStore.start_master (line 229) starts the master in a pool's thread, where a failure, for example a replication
     * port that is taken, is never seen: the member stays elected for ever without serving.
     */
    @Override
    public void doStart() {
        try {
            super.doStart();
        } catch (Throwable e) {
            leaving.leave("Elected, but the store cannot start", e);
        }
    }

    /** The first step once everything is loaded; then the master waits for its slaves. */
    @Override
    public void start_protocol_server() {
        opened = true;
        super.start_protocol_server();
    }

    /** Whether everything is loaded: before, whatever fails ends the process. */
    boolean opened() {
        return opened;
    }

    @Override
    public MasterLevelDBClient createClient() {
        return new MasterIndex(this);
    }

    /** Each topic, whether loaded or new: see {@link TopicStore}. */
    @Override
    public LevelDBStore.LevelDBTopicMessageStore createTopicMessageStore(ActiveMQTopic topic, long key) {
        super.createTopicMessageStore(topic, key);
        TopicStore ours = new TopicStore(this, topic, key);
        // The original has added both keys under its own lock; the values change in place.
        topics().put(topic, ours);
        topicsById().put(key, ours);
        return ours;
    }

    /** Removes nothing while topics are loaded: until its subscriptions are, a topic looks like one that nobody reads. */
    @Override
    public Seq<Tuple2<Object, Object>> getTopicGCPositions() {
        return opened ? super.getTopicGCPositions() : JavaConversions.asScalaBuffer(new ArrayList<>());
    }

    /**
     * Begins a subscription behind what its topic has, when only the first half of its making is in the log: nobody was told of it.
     *
     * <p>The original begins it with the topic's first message: the record of the subscription and that of its place are two writes
     * (LevelDBTopicMessageStore.addSubscription, line 945).
     */
    @Override
    public Object createSubscription(DurableSubscription loaded) {
        byte[] place = LevelDBClient.encodeEntryKey(LevelDBClient.ENTRY_PREFIX(), loaded.subKey(), LevelDBClient.ACK_POSITION());
        Option<LevelDBStore.LevelDBTopicMessageStore> topic = topicsById().get(loaded.topicKey());
        if (!topic.isEmpty() && client().index().get(place, new ReadOptions()).isEmpty()) {
            long last = topic.get().lastSeq().get();
            loaded.lastAckPosition_$eq(last);
            loaded.gcPosition_$eq(last);
        }
        return super.createSubscription(loaded);
    }
}
