import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.ConnectionId;
import org.apache.activemq.command.LocalTransactionId;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.SubscriptionInfo;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.store.TopicMessageStore;
import org.fusesource.hawtbuf.Buffer;
import org.iq80.leveldb.DBIterator;
import scala.collection.JavaConversions;
import scala.runtime.AbstractFunction1;

/**
 * Does what applications do to a master's store, in an order that a seed gives, with kills and collections of unused files in between.
 * Compares each queue with what it should have, and the references to each log file with a new count. Arguments: product or master, seeds.
 */
class StoreHistoryCheck {
    private static final long LOG_BYTES = 4096;
    private static final int STEPS = 400;
    private static final int QUEUES = 4;
    private static final Object NOBODY = null;

    private final Random random;
    private final Path folder;
    private final String who;
    /** What waits in each queue: by number of the message. */
    private final Map<String, TreeMap<Long, Message>> waiting = new TreeMap<>();
    /** Received by somebody who has not acknowledged them, when their queue was purged or removed. */
    private final Map<MessageStore, List<Message>> late = new HashMap<>();
    /** By subscriber: topic messages that it has not acknowledged. */
    private final Map<String, TreeMap<Long, Message>> subscribers = new TreeMap<>();
    private LevelDBStore store;
    private long sent;
    private long transactions;
    private int lives;

    private StoreHistoryCheck(String who, long seed, Path folder) {
        this.who = who;
        this.random = new Random(seed);
        this.folder = folder;
    }

    public static void main(String[] args) throws Exception {
        for (int i = 1; i < args.length; i++) {
            Path folder = Files.createTempDirectory("amq-store-");
            try {
                System.out.println("seed " + args[i] + ": " + new StoreHistoryCheck(args[0], Long.parseLong(args[i]), folder).run());
            } finally {
                Support.remove(folder);
            }
        }
        // The stores' threads would keep the process.
        System.exit(0);
    }

    private String run() throws Exception {
        store = open(folder.resolve("0"));
        for (int step = 1; step <= STEPS; step++) {
            String done = step();
            String wrong = wrong();
            if (!wrong.isEmpty()) return "after step " + step + ", " + done + ": " + wrong;
        }
        kill();
        String wrong = wrong();
        store.stop();
        return wrong.isEmpty() ? "as it should be" : "at the end: " + wrong;
    }

    private String step() throws Exception {
        String queue = "queue" + random.nextInt(QUEUES);
        int what = random.nextInt(100);
        if (what < 30) return send(queue, 1 + random.nextInt(5));
        if (what < 35) return transaction(queue, "queue" + random.nextInt(QUEUES));
        if (what < 60) return acknowledge(queue, random.nextInt(6));
        if (what < 65) return move(queue, "queue" + random.nextInt(QUEUES));
        if (what < 68) return purge(queue);
        if (what < 71) return removeQueue(queue);
        if (what < 74) return acknowledgeLate();
        if (what < 80) return publish(1 + random.nextInt(4));
        if (what < 83) return subscribe("subscriber" + random.nextInt(2));
        if (what < 86) return unsubscribe("subscriber" + random.nextInt(2));
        if (what < 90) return acknowledgeTopic("subscriber" + random.nextInt(2));
        if (what < 97) return collect();
        return kill();
    }

    private String send(String queue, int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            Message message = message(queue(queue).getDestination());
            queue(queue).addMessage(new ConnectionContext(), message);
            of(queue).put(sent, message);
        }
        return "send";
    }

    /** Of one session: receives from one queue and sends to another. */
    private String transaction(String from, String to) throws Exception {
        LocalTransactionId transaction = new LocalTransactionId(new ConnectionId("ID:check-1:1"), ++transactions);
        Message received = of(from).isEmpty() ? null : of(from).firstEntry().getValue();
        if (received != null) {
            MessageAck ack = acknowledgment(received);
            ack.setTransactionId(transaction);
            queue(from).removeMessage(new ConnectionContext(), ack);
        }
        Message message = message(queue(to).getDestination());
        message.setTransactionId(transaction);
        queue(to).addMessage(new ConnectionContext(), message);
        if (random.nextInt(4) == 0) {
            store.rollback(transaction);
            return "rollback";
        }
        store.commit(transaction, false, null, null);
        if (received != null) of(from).remove(number(received));
        of(to).put(sent, message);
        return "commit";
    }

    private String acknowledge(String queue, int messages) throws Exception {
        List<Long> some = new ArrayList<>(of(queue).keySet());
        for (int i = 0; i < messages && !some.isEmpty(); i++) {
            Message message = of(queue).remove(some.remove(random.nextInt(some.size())));
            queue(queue).removeMessage(new ConnectionContext(), acknowledgment(message));
        }
        return "acknowledge";
    }

    /** As a dead letter is made, from another queue. */
    private String move(String from, String to) throws Exception {
        if (of(from).isEmpty() || from.equals(to)) return "nothing to move";
        long number = of(from).firstKey();
        Message message = of(from).remove(number);
        Message copy = message.copy();
        copy.setTransactionId(null);
        queue(to).addMessage(new ConnectionContext(), copy);
        queue(from).removeMessage(new ConnectionContext(), acknowledgment(message));
        of(to).put(number, copy);
        return "move";
    }

    private String purge(String queue) throws Exception {
        late.computeIfAbsent(queue(queue), none -> new ArrayList<>()).addAll(of(queue).values());
        queue(queue).removeAllMessages(new ConnectionContext());
        of(queue).clear();
        return "purge";
    }

    private String removeQueue(String queue) throws Exception {
        late.computeIfAbsent(queue(queue), none -> new ArrayList<>()).addAll(of(queue).values());
        store.removeQueueMessageStore(new ActiveMQQueue(queue));
        of(queue).clear();
        return "remove queue";
    }

    private String acknowledgeLate() throws Exception {
        for (var consumed : late.entrySet()) {
            for (Message message : consumed.getValue()) consumed.getKey().removeMessage(new ConnectionContext(), acknowledgment(message));
        }
        late.clear();
        return "acknowledge late";
    }

    private String publish(int messages) throws Exception {
        for (int i = 0; i < messages; i++) {
            Message message = message(topic().getDestination());
            topic().addMessage(new ConnectionContext(), message);
            for (var unread : subscribers.values()) unread.put(sent, message);
        }
        return "publish";
    }

    private String subscribe(String name) throws Exception {
        if (subscribers.putIfAbsent(name, new TreeMap<>()) != null) return "subscribed already";
        SubscriptionInfo subscription = new SubscriptionInfo("client", name);
        subscription.setDestination(topic().getDestination());
        subscription.setSubscribedDestination(topic().getDestination());
        topic().addSubscription(subscription, false);
        return "subscribe";
    }

    private String unsubscribe(String name) throws Exception {
        if (subscribers.remove(name) == null) return "not subscribed";
        topic().deleteSubscription("client", name);
        return "unsubscribe";
    }

    private String acknowledgeTopic(String name) throws Exception {
        TreeMap<Long, Message> unread = subscribers.getOrDefault(name, new TreeMap<>());
        if (unread.isEmpty()) return "nothing to read";
        List<Long> numbers = new ArrayList<>(unread.keySet());
        // Mostly the next one. Others are acknowledged singly, expire, or do not match a selector.
        long number = numbers.get(random.nextBoolean() ? 0 : random.nextInt(numbers.size()));
        Message message = unread.remove(number);
        topic().acknowledge(new ConnectionContext(), "client", name, message.getMessageId(), acknowledgment(message));
        return "acknowledge of topic";
    }

    /** As every ten seconds. */
    private String collect() throws Exception {
        if (random.nextBoolean()) store.checkpoint(true);
        store.db().client().writeExecutor().submit(() -> store.db().client().gc(store.getTopicGCPositions())).get();
        return "collect";
    }

    /** The next life has what is on the disk. */
    private String kill() throws Exception {
        Path from = folder.resolve(String.valueOf(lives));
        Path to = folder.resolve(String.valueOf(++lives));
        LevelDBStore killed = store;
        // Snapshots are written by the thread that is asked here, in turn.
        killed.db().client().writeExecutor().submit(() -> { }).get();
        copy(from, to);
        killed.stop();
        Support.remove(from);
        late.clear();
        store = open(to);
        refresh();
        return "kill";
    }

    /** Messages that the new life has read know where they are in it. */
    private void refresh() throws Exception {
        for (String queue : waiting.keySet()) {
            for (Message message : read(queue(queue))) of(queue).replace(number(message), message);
        }
        for (var subscriber : subscribers.entrySet()) {
            for (Message message : read(topic())) subscriber.getValue().replace(number(message), message);
        }
    }

    private String wrong() throws Exception {
        LevelDBClient client = store.db().client();
        for (var queue : waiting.entrySet()) {
            TreeSet<Long> found = new TreeSet<>();
            for (Message message : read(queue(queue.getKey()))) found.add(number(message));
            TreeMap<Long, Message> expected = queue.getValue();
            if (!found.equals(expected.keySet())) return queue.getKey() + " has " + found + " instead of " + expected.keySet();
            int counted = queue(queue.getKey()).getMessageCount();
            if (counted != found.size()) return queue.getKey() + " counts " + counted + " of " + found.size();
        }
        for (var subscriber : subscribers.entrySet()) {
            TreeSet<Long> found = unread(subscriber.getKey());
            TreeSet<Long> unread = new TreeSet<>(subscriber.getValue().keySet());
            unread.removeAll(found);
            if (!unread.isEmpty()) return subscriber.getKey() + " lacks " + unread;
        }
        Map<Object, Long> counted = new TreeMap<>();
        JavaConversions.mapAsJavaMap(client.logRefs()).forEach((log, counter) -> {
            if (counter.get() != 0) counted.put(log, counter.get());
        });
        Map<Object, Long> needed = needed(client);
        return counted.equals(needed) ? "" : "counts " + counted + " instead of " + needed;
    }

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

    private List<Message> read(MessageStore destination) {
        List<Message> read = new ArrayList<>();
        long key = ((LevelDBStore.LevelDBMessageStore) destination).key();
        store.db().client().queueCursor(key, 0, Long.MAX_VALUE, new AbstractFunction1<Message, Object>() {
            @Override
            public Object apply(Message message) {
                read.add(message);
                return true;
            }
        });
        return read;
    }

    /** What a subscriber that comes back would get. */
    private TreeSet<Long> unread(String subscriber) throws Exception {
        TreeSet<Long> unread = new TreeSet<>();
        topic().resetBatching("client", subscriber);
        topic().recoverNextMessages("client", subscriber, Integer.MAX_VALUE, new MessageRecoveryListener() {
            @Override
            public boolean recoverMessage(Message message) {
                return unread.add(number(message));
            }

            @Override
            public boolean recoverMessageReference(MessageId message) {
                return false;
            }

            @Override
            public boolean hasSpace() {
                return true;
            }

            @Override
            public boolean isDuplicate(MessageId message) {
                return false;
            }
        });
        return unread;
    }

    private TreeMap<Long, Message> of(String queue) {
        return waiting.computeIfAbsent(queue, none -> new TreeMap<>());
    }

    private MessageStore queue(String name) throws Exception {
        return store.createQueueMessageStore(new ActiveMQQueue(name));
    }

    private TopicMessageStore topic() throws Exception {
        return store.createTopicMessageStore(new ActiveMQTopic("topic"));
    }

    private Message message(ActiveMQDestination destination) throws Exception {
        ActiveMQTextMessage message = new ActiveMQTextMessage();
        message.setMessageId(new MessageId("ID:check-1:1:1:1", ++sent));
        message.setDestination(destination);
        message.setPersistent(true);
        return message;
    }

    private static long number(Message message) {
        return message.getMessageId().getProducerSequenceId();
    }

    private static MessageAck acknowledgment(Message message) {
        return new MessageAck(message, MessageAck.STANDARD_ACK_TYPE, 1);
    }

    private LevelDBStore open(Path place) throws Exception {
        LevelDBStore opened = Support.store(who, NOBODY);
        opened.setDirectory(place.toFile());
        opened.setLogSize(LOG_BYTES);
        opened.start();
        return opened;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Path name = from.relativize(file);
                String first = name.getName(0).toString();
                if (!first.isEmpty() && Character.isDigit(first.charAt(0))) {
                    Files.createDirectories(to.resolve(name).getParent());
                    Files.copy(file, to.resolve(name));
                }
            }
        }
    }
}
