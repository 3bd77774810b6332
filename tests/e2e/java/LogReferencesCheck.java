import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.SubscriptionInfo;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.apache.activemq.leveldb.replicated.MasterLevelDBStore;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.store.TopicMessageStore;
import org.fusesource.hawtbuf.Buffer;
import org.iq80.leveldb.DBIterator;
import scala.runtime.AbstractFunction1;

/**
 * Counts the references to each log file anew, from the index, and compares: after each record of the log that the product counts
 * wrongly, in a store of the product and in a master's of ours. Then lets the store delete the log files that it takes for unused,
 * and says how many of the messages that nobody has received are left.
 */
class LogReferencesCheck {
    /** So few that each store has several files. */
    private static final long LOG_BYTES = 2048;
    /** Fills several files. */
    private static final int FILLING = 25;
    /** More than the first file's references. */
    private static final int MANY = 12;
    private static final long GONE = -1;
    /** Who would be told of a failure. */
    private static final Object NOBODY = null;

    private static long sent;

    private interface Case {
        /** Makes a store below the folder. @return it, open */
        LevelDBStore make(String who, Path folder) throws Exception;
    }

    public static void main(String[] args) throws Exception {
        String[] live = {"product", "master"};
        String[] all = {"product", "master", "slave"};
        show("subscriptions removed", LogReferencesCheck::subscriptionsRemoved, all);
        show("moved to another queue", LogReferencesCheck::moved, all);
        show("queue removed", LogReferencesCheck::acknowledgedAfterRemoval, live);
        show("queue purged", LogReferencesCheck::acknowledgedAfterPurge, live);
        show("rotated after the snapshot", LogReferencesCheck::rotatedAfterSnapshot, all);
        show("topic collected", LogReferencesCheck::topicCollected, live);
        show("counts lost", LogReferencesCheck::countsLost, live);
        show("file gone before the start", LogReferencesCheck::goneBefore, live);
        show("file gone while open", LogReferencesCheck::goneMeanwhile, live);
        electedWithout();
        // The stores' threads would keep the process.
        System.exit(0);
    }

    private static void show(String name, Case one, String... members) throws Exception {
        for (String who : members) {
            Path folder = Files.createTempDirectory("amq-store-");
            try {
                LevelDBStore store = one.make(who, folder);
                LevelDBClient client = store.db().client();
                String counts = counted(client) + " of " + recounted(client);
                // A slave's index deletes nothing, and is read by nobody.
                System.out.println(name + ", " + who + ": " + counts + (who.equals("slave") ? "" : ", " + afterCollection(store)));
            } finally {
                Support.remove(folder);
            }
        }
    }

    /** Each time the product takes the position up to which a subscriber has acknowledged for one in the log. */
    private static LevelDBStore subscriptionsRemoved(String who, Path folder) throws Exception {
        LevelDBStore store = open(who.equals("slave") ? "product" : who, folder.resolve("store"));
        send(queue(store, "kept"), 3);
        TopicMessageStore topic = topic(store);
        for (int i = 0; i < MANY; i++) {
            subscribe(topic);
            topic.deleteSubscription("client", "name");
        }
        return who.equals("slave") ? slaveOf(store, folder) : store;
    }

    /** As dead letters are: the new entry leads to the old message. */
    private static LevelDBStore moved(String who, Path folder) throws Exception {
        LevelDBStore store = open(who.equals("slave") ? "product" : who, folder.resolve("store"));
        MessageStore source = queue(store, "source");
        MessageStore kept = queue(store, "kept");
        for (Message message : send(source, FILLING)) {
            kept.addMessage(new ConnectionContext(), message.copy());
            acknowledge(source, List.of(message));
        }
        return who.equals("slave") ? slaveOf(store, folder) : store;
    }

    /** One that replays what the store has written. */
    private static LevelDBStore slaveOf(LevelDBStore store, Path folder) throws Exception {
        store.stop();
        copy(folder.resolve("store"), folder.resolve("slave"), ".log");
        return slave(folder.resolve("slave"));
    }

    /** The consumer has messages when somebody removes the queue. */
    private static LevelDBStore acknowledgedAfterRemoval(String who, Path folder) throws Exception {
        LevelDBStore store = open(who, folder.resolve("store"));
        send(queue(store, "kept"), 3);
        MessageStore removed = queue(store, "removed");
        List<Message> messages = send(removed, MANY);
        store.removeQueueMessageStore((ActiveMQQueue) removed.getDestination());
        acknowledge(removed, messages);
        return store;
    }

    private static LevelDBStore acknowledgedAfterPurge(String who, Path folder) throws Exception {
        LevelDBStore store = open(who, folder.resolve("store"));
        send(queue(store, "kept"), 3);
        MessageStore purged = queue(store, "purged");
        List<Message> messages = send(purged, MANY);
        purged.removeAllMessages(new ConnectionContext());
        acknowledge(purged, messages);
        return store;
    }

    /** A slave downloads a snapshot and the log files; the log was rotated after the snapshot. Or a master is killed just then. */
    private static LevelDBStore rotatedAfterSnapshot(String who, Path folder) throws Exception {
        Path written = folder.resolve("written");
        LevelDBStore store = open("product", written);
        queue(store, "kept");
        store.checkpoint(true);
        Path snapshot = folder.resolve("store");
        copy(written, snapshot, ".index");
        send(queue(store, "kept"), FILLING);
        store.stop();
        copy(written, snapshot, ".log");
        return who.equals("slave") ? slave(snapshot) : open(who, snapshot);
    }

    /** A slave replays what the master of a topic with a subscriber writes, and deletes the files that the master deletes. */
    private static LevelDBStore topicCollected(String who, Path folder) throws Exception {
        Path written = folder.resolve("written");
        Path copy = folder.resolve("store");
        LevelDBStore store = open(who, written);
        send(queue(store, "kept"), 3);
        TopicMessageStore topic = topic(store);
        subscribe(topic);
        for (Message read : send(topic, FILLING)) {
            topic.acknowledge(new ConnectionContext(), "client", "name", read.getMessageId(), acknowledgment(read));
        }
        copy(written, copy, ".log");
        collect(store);
        store.stop();
        copy(written, copy, ".log");
        open(who, copy).stop();
        try (Stream<Path> logs = Files.list(copy)) {
            for (Path log : (Iterable<Path>) logs::iterator) {
                if (log.toString().endsWith(".log") && !Files.exists(written.resolve(log.getFileName()))) Files.delete(log);
            }
        }
        return open(who, copy);
    }

    private static LevelDBStore countsLost(String who, Path folder) throws Exception {
        LevelDBStore store = open(who, folder.resolve("store"));
        send(queue(store, "kept"), FILLING);
        store.db().client().logRefs().clear();
        return store;
    }

    /** A file that the index points into was deleted by an earlier version. */
    private static LevelDBStore goneBefore(String who, Path folder) throws Exception {
        LevelDBStore store = open("product", folder.resolve("store"));
        send(queue(store, "kept"), FILLING);
        long gone = second(store);
        store.stop();
        Files.delete(folder.resolve("store").resolve(String.format("%016x.log", gone)));
        return open(who, folder.resolve("store"));
    }

    /** The same, where others may have the file: elected, then elected again, then with the file that it got from a master. */
    private static void electedWithout() throws Exception {
        Path folder = Files.createTempDirectory("amq-store-");
        try {
            LevelDBStore written = open("product", folder);
            send(queue(written, "kept"), FILLING);
            Path file = folder.resolve(String.format("%016x.log", second(written)));
            written.stop();
            byte[] content = Files.readAllBytes(file);
            Files.delete(file);
            System.out.println("elected without a file: " + elected(folder));
            System.out.println("elected again: " + elected(folder));
            Files.write(file, content);
            System.out.println("elected with it: " + elected(folder));
            Files.delete(file);
            System.out.println("elected without it later: " + elected(folder));
        } finally {
            Support.remove(folder);
        }
    }

    private static String elected(Path folder) throws Exception {
        MasterLevelDBStore store = (MasterLevelDBStore) Support.ours("MasterStore", NOBODY);
        store.setDirectory(folder.toFile());
        store.setLogSize(LOG_BYTES);
        try {
            store.db().client().start();
        } catch (IllegalStateException e) {
            return e.getMessage().replace(folder.toString(), "the folder");
        }
        return "serves, " + recounted(store.db().client());
    }

    private static LevelDBStore goneMeanwhile(String who, Path folder) throws Exception {
        LevelDBStore store = open(who, folder.resolve("store"));
        send(queue(store, "kept"), FILLING);
        store.db().client().log().delete(second(store));
        return store;
    }

    /** The second log file. */
    private static long second(LevelDBStore store) {
        return store.db().client().log().log_file_positions()[1];
    }

    private static String afterCollection(LevelDBStore store) throws Exception {
        LevelDBClient client = store.db().client();
        send(queue(store, "filling"), FILLING);
        collect(store);
        collect(store);
        return "kept " + kept(store) + ", then " + counted(client) + " of " + recounted(client);
    }

    /** As every ten seconds. */
    private static void collect(LevelDBStore store) throws Exception {
        store.checkpoint(true);
        store.db().client().writeExecutor().submit(() -> store.db().client().gc(store.getTopicGCPositions())).get();
    }

    private static LevelDBStore open(String who, Path folder) throws Exception {
        LevelDBStore store = Support.store(who, NOBODY);
        store.setDirectory(folder.toFile());
        store.setLogSize(LOG_BYTES);
        store.start();
        return store;
    }

    /** What SlaveLevelDBStore does once it has the master's files, and then with each write that comes. */
    private static LevelDBStore slave(Path folder) throws Exception {
        LevelDBStore store = (LevelDBStore) Support.ours("SlaveStore", LOG_BYTES, NOBODY, 60.0);
        store.setDirectory(folder.toFile());
        store.setLogSize(LOG_BYTES);
        LevelDBClient client = store.db().client();
        client.init();
        client.replay_init();
        Method downloading = client.getClass().getDeclaredMethod("downloading", long.class);
        downloading.setAccessible(true);
        downloading.invoke(client, client.lastIndexSnapshotPos());
        client.log().open(-1);
        for (long end = 1; end <= client.log().appender_limit(); end++) client.replay_from(0, end, false);
        return store;
    }

    private static MessageStore queue(LevelDBStore store, String name) throws Exception {
        MessageStore queue = store.createQueueMessageStore(new ActiveMQQueue(name));
        queue.start();
        return queue;
    }

    private static TopicMessageStore topic(LevelDBStore store) throws Exception {
        TopicMessageStore topic = store.createTopicMessageStore(new ActiveMQTopic("topic"));
        topic.start();
        return topic;
    }

    private static void subscribe(TopicMessageStore topic) throws Exception {
        SubscriptionInfo subscription = new SubscriptionInfo("client", "name");
        subscription.setDestination(topic.getDestination());
        subscription.setSubscribedDestination(topic.getDestination());
        topic.addSubscription(subscription, false);
    }

    private static List<Message> send(MessageStore destination, int messages) throws Exception {
        List<Message> all = new ArrayList<>();
        for (int i = 0; i < messages; i++) {
            ActiveMQTextMessage message = new ActiveMQTextMessage();
            message.setMessageId(new MessageId("ID:check-1:1:1:1", ++sent));
            message.setDestination(destination.getDestination());
            message.setPersistent(true);
            destination.addMessage(new ConnectionContext(), message);
            all.add(message);
        }
        return all;
    }

    private static void acknowledge(MessageStore queue, List<Message> messages) throws Exception {
        for (Message message : messages) queue.removeMessage(new ConnectionContext(), acknowledgment(message));
    }

    private static MessageAck acknowledgment(Message message) {
        return new MessageAck(message, MessageAck.STANDARD_ACK_TYPE, 1);
    }

    /** By the number of the log file, from the first. */
    private static Map<Integer, Long> counted(LevelDBClient client) {
        Map<Object, Long> references = new TreeMap<>();
        scala.collection.JavaConversions.mapAsJavaMap(client.logRefs()).forEach((log, counter) -> references.put(log, counter.get()));
        return numbered(client, references);
    }

    private static Map<Integer, Long> recounted(LevelDBClient client) throws IOException {
        Map<Object, Long> references = new TreeMap<>();
        try (DBIterator entries = client.index().db().iterator()) {
            for (entries.seek(new byte[] {LevelDBClient.ENTRY_PREFIX()}); entries.hasNext(); entries.next()) {
                if (entries.peekNext().getKey()[0] != LevelDBClient.ENTRY_PREFIX()) break;
                EntryRecord.Buffer entry = LevelDBClient.decodeEntryRecord(new Buffer(entries.peekNext().getValue()));
                if (entry.hasValueLocation() && entry.hasValueLength()) {
                    references.merge(file(client, entry.getValueLocation()), 1L, Long::sum);
                }
            }
        }
        return numbered(client, references);
    }

    /** The log file that a position is in; -1 when it is gone. */
    private static Object file(LevelDBClient client, long position) {
        var file = client.log().log_infos().floorEntry(position);
        boolean there = file != null && position < (Long) file.getKey() + file.getValue().file().length();
        return there ? file.getKey() : (Object) GONE;
    }

    /** Positions depend on the lengths of names. */
    private static Map<Integer, Long> numbered(LevelDBClient client, Map<Object, Long> references) {
        Map<Integer, Long> numbered = new TreeMap<>();
        List<Object> files = new ArrayList<>(client.log().log_infos().keySet());
        references.forEach((file, count) -> {
            if (count != 0) numbered.put(files.indexOf(file), count);
        });
        return numbered;
    }

    /** How many of the queue's messages can be read, and how many the store says that there are. */
    private static String kept(LevelDBStore store) throws Exception {
        MessageStore queue = queue(store, "kept");
        long key = ((LevelDBStore.LevelDBMessageStore) queue).key();
        int[] found = {0};
        String end = "";
        try {
            store.db().client().queueCursor(key, 0, Long.MAX_VALUE, new AbstractFunction1<Message, Object>() {
                @Override
                public Object apply(Message message) {
                    found[0]++;
                    return true;
                }
            });
        } catch (Exception e) {
            end = " and then " + e.getCause().getClass().getSimpleName();
        }
        // What the reader found missing is set aside in turn with everything else.
        store.checkpoint(false);
        return found[0] + "/" + queue.getMessageCount() + end;
    }

    private static void copy(Path from, Path to, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path name = from.relativize(file);
                String first = name.getName(0).toString();
                if (!first.isEmpty() && Character.isDigit(first.charAt(0)) && first.endsWith(suffix)) {
                    Files.createDirectories(to.resolve(name).getParent());
                    Files.copy(file, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
    }
}
