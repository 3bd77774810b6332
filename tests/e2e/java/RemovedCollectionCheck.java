import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.SubscriptionInfo;
import org.apache.activemq.command.XATransactionId;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.store.TopicMessageStore;
import org.fusesource.hawtbuf.Buffer;
import org.iq80.leveldb.DBIterator;
import scala.Tuple2;
import scala.collection.JavaConversions;
import scala.runtime.AbstractFunction1;

/**
 * Writes logs in which a queue is removed, another one purged, an XA transaction committed and a durable subscription removed before
 * messages of a third queue come. Replays each into an empty index of the product, of a master and of a slave of ours, and prints what
 * the index has then.
 */
class RemovedCollectionCheck {
    /** All remainders of eight, on which it depended whether the record could be read; then numbers of two to five bytes. */
    private static final long[] NUMBERS = {8, 9, 10, 11, 12, 13, 14, 15, 300, 20_001, 3_000_002, 300_000_003};
    /** The next collections' numbers have the same remainder as the removed queue's. */
    private static final long TO_PURGED = 8;
    private static final long TO_TRANSACTION = 16;
    private static final long TO_SUBSCRIPTION = 24;
    private static final long TO_KEPT = 25;
    /** So few that each log has several files: references are counted by file. */
    private static final long LOG_BYTES = 2048;
    private static final int KEPT = 20;
    /** Who would be told of a failure. */
    private static final Object NOBODY = null;

    private static long sent;

    public static void main(String[] args) throws Exception {
        for (long number : NUMBERS) {
            Path folder = Files.createTempDirectory("amq-store-");
            try {
                Path written = folder.resolve("written");
                State before = write(written, number);
                System.out.println(number + " written: " + before.queues());
                for (String who : new String[] {"product", "master", "slave"}) {
                    Path copy = folder.resolve(who);
                    Files.createDirectory(copy);
                    for (File log : written.toFile().listFiles((in, name) -> name.endsWith(".log"))) {
                        Files.copy(log.toPath(), copy.resolve(log.getName()));
                    }
                    State after = state(replayed(who, copy), number);
                    String references = after.counted().equals(before.needed()) ? "as needed" : "others";
                    System.out.println(number + " " + who + ": " + after.queues() + ", references " + references);
                }
            } finally {
                Support.remove(folder);
            }
        }
        // The stores' threads would keep the process.
        System.exit(0);
    }

    /** What an index leads to, how many messages of each log file it counts as needed, and how many are. */
    private record State(String queues, Map<Object, Long> counted, Map<Object, Long> needed) {}

    /** With the store's own methods, as a broker does. */
    private static State write(Path folder, long number) throws Exception {
        LevelDBStore store = new LevelDBStore();
        store.setDirectory(folder.toFile());
        store.setLogSize((int) LOG_BYTES);
        store.start();
        store.db().lastCollectionKey().set(number - 1);
        MessageStore removed = queue(store, "removed");
        send(removed, 3);
        store.removeQueueMessageStore((ActiveMQQueue) removed.getDestination());
        store.db().lastCollectionKey().set(number + TO_PURGED - 1);
        MessageStore purged = queue(store, "purged");
        send(purged, 3);
        purged.removeAllMessages(new ConnectionContext());
        send(purged, 1);
        store.db().lastCollectionKey().set(number + TO_TRANSACTION - 1);
        sendInTransaction(store, purged);
        store.db().lastCollectionKey().set(number + TO_SUBSCRIPTION - 2);
        subscribeAndLeave(store);
        send(queue(store, "kept"), KEPT);
        State state = state(store.db().client(), number);
        store.stop();
        return state;
    }

    private static MessageStore queue(LevelDBStore store, String name) throws Exception {
        MessageStore queue = store.createQueueMessageStore(new ActiveMQQueue(name));
        queue.start();
        return queue;
    }

    private static void send(MessageStore queue, int messages) throws Exception {
        for (int i = 0; i < messages; i++) queue.addMessage(new ConnectionContext(), message(queue));
    }

    /** The transaction is a collection from prepare to commit. */
    private static void sendInTransaction(LevelDBStore store, MessageStore queue) throws Exception {
        XATransactionId transaction = new XATransactionId();
        transaction.setGlobalTransactionId(new byte[] {1});
        transaction.setBranchQualifier(new byte[] {2});
        Message message = message(queue);
        message.setTransactionId(transaction);
        queue.addMessage(new ConnectionContext(), message);
        store.prepare(transaction);
        store.commit(transaction, true, null, null);
    }

    /** A topic, which stays, and a durable subscription to it. */
    private static void subscribeAndLeave(LevelDBStore store) throws Exception {
        TopicMessageStore topic = store.createTopicMessageStore(new ActiveMQTopic("topic"));
        topic.start();
        SubscriptionInfo subscription = new SubscriptionInfo("client", "name");
        subscription.setDestination(topic.getDestination());
        subscription.setSubscribedDestination(topic.getDestination());
        topic.addSubscription(subscription, false);
        topic.deleteSubscription("client", "name");
    }

    private static Message message(MessageStore queue) throws Exception {
        ActiveMQTextMessage message = new ActiveMQTextMessage();
        message.setMessageId(new MessageId("ID:check-1:1:1:1", ++sent));
        message.setDestination(queue.getDestination());
        message.setPersistent(true);
        return message;
    }

    private static LevelDBClient replayed(String who, Path folder) throws Exception {
        LevelDBStore store = switch (who) {
            case "master" -> (LevelDBStore) Support.ours("MasterStore", NOBODY);
            case "slave" -> (LevelDBStore) Support.ours("SlaveStore", LOG_BYTES, NOBODY, 60.0);
            default -> new LevelDBStore();
        };
        store.setDirectory(folder.toFile());
        store.setLogSize((int) LOG_BYTES);
        LevelDBClient client = store.db().client();
        if (who.equals("slave")) {
            // What SlaveLevelDBStore does once it has the master's files, and then with each write that comes.
            client.init();
            client.replay_init();
            client.log().open(-1);
            for (long end = 1; end <= client.log().appender_limit(); end++) client.replay_from(0, end, false);
        } else {
            client.start();
        }
        return client;
    }

    /** Collections are printed by their distance from the removed one. */
    private static State state(LevelDBClient client, long number) throws IOException {
        Set<Object> listed = new TreeSet<>();
        for (Tuple2<Object, ?> collection : JavaConversions.seqAsJavaList(client.listCollections())) {
            listed.add((Long) collection._1() - number);
        }
        Map<Object, Long> counted = new TreeMap<>();
        JavaConversions.mapAsJavaMap(client.logRefs()).forEach((log, counter) -> {
            if (counter.get() != 0) counted.put(log, counter.get());
        });
        String queues = "removed "
                + messages(client, number, "removed")
                + ", purged "
                + messages(client, number + TO_PURGED, "purged")
                + ", kept "
                + messages(client, number + TO_KEPT, "kept")
                + ", collections "
                + listed;
        return new State(queues, counted, needed(client));
    }

    /** From the entries that lead to a message. The positions of subscribers' acknowledgments are none in the log, and have no length. */
    private static Map<Object, Long> needed(LevelDBClient client) throws IOException {
        Map<Object, Long> needed = new TreeMap<>();
        byte prefix = LevelDBClient.ENTRY_PREFIX();
        try (DBIterator entries = client.index().db().iterator()) {
            for (entries.seek(new byte[] {prefix}); entries.hasNext() && entries.peekNext().getKey()[0] == prefix; entries.next()) {
                EntryRecord.Buffer entry = LevelDBClient.decodeEntryRecord(new Buffer(entries.peekNext().getValue()));
                if (entry.hasValueLength()) needed.merge(client.log().log_infos().floorKey(entry.getValueLocation()), 1L, Long::sum);
            }
        }
        return needed;
    }

    /** How many messages of a queue the index leads to, and how many it has counted. */
    private static String messages(LevelDBClient client, long number, String queue) {
        int[] found = {0};
        client.queueCursor(number, 0, Long.MAX_VALUE, new AbstractFunction1<Message, Object>() {
            @Override
            public Object apply(Message message) {
                if (message.getDestination().getPhysicalName().equals(queue)) found[0]++;
                return true;
            }
        });
        return found[0] + "/" + client.collectionSize(number);
    }
}
