import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.XATransactionId;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.store.TransactionRecoveryListener;
import org.iq80.leveldb.DBIterator;
import scala.collection.JavaConversions;

/**
 * Writes logs with XA transactions by the product's code: committed ones, and prepared ones that nobody has ended. Then 20 messages of
 * another queue come. Opens each log without an index, as the product and as a master of ours; after a slave of ours has replayed it;
 * and with the index that the product's replay left. Prints what is there, and what is after the prepared ones were ended.
 */
class XaCheck {
    private static final int LOG_BYTES = 2048;
    private static final int KEPT = 20;
    /** A record with the transaction's number, and the end of its unit of work. */
    private static final int END_OF_TRANSACTION_BYTES = RecordLog.LOG_HEADER_SIZE() + 1 + RecordLog.LOG_HEADER_SIZE() + 8;
    /** Who would be told of a failure. */
    private static final Object NOBODY = null;

    private static long sent;

    public static void main(String[] args) throws Exception {
        for (boolean ended : new boolean[] {true, false}) {
            Path folder = Files.createTempDirectory("amq-store-");
            try {
                String what = ended ? "committed" : "prepared";
                Path written = Files.createDirectory(folder.resolve("written"));
                State before = write(written, ended);
                Map<String, String> index = entries(written);
                System.out.println(what + " written: " + before.known());
                for (String who : new String[] {"product", "master", "slave", "former"}) {
                    Path copy = copy(written, folder.resolve(who));
                    if (!who.equals("product") && !who.equals("master")) replay(who, copy);
                    System.out.println(what + " " + who + ": " + open(who, copy, before, index));
                    if (ended) continue;
                    for (boolean commit : new boolean[] {true, false}) {
                        if (who.equals("product")) continue;
                        Path again = copy(copy, folder.resolve(who + commit));
                        System.out.println(what + " " + who + (commit ? " commit: " : " rollback: ") + end(who, again, commit));
                    }
                }
            } finally {
                Support.remove(folder);
            }
        }
        halfCommitted();
        // The stores' threads would keep the process.
        System.exit(0);
    }

    /** A receive is committed, and the master dies before it has written that the transaction is over: the manager commits again. */
    private static void halfCommitted() throws Exception {
        sent = 0;
        Path folder = Files.createTempDirectory("amq-store-");
        try {
            LevelDBStore store = new LevelDBStore();
            start(store, folder);
            MessageStore orders = queue(store, "orders");
            queue(store, "kept");
            send(orders, 2);
            receive(orders, 1);
            store.prepare(transaction(1));
            store.commit(transaction(1), true, null, null);
            State before = state(store);
            long end = store.db().client().log().appender_limit();
            store.stop();
            Path log = folder.resolve("0000000000000000.log");
            try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
                file.truncate(end - END_OF_TRANSACTION_BYTES);
            }
            removeIndex(folder);
            LevelDBStore next = Support.store("master", NOBODY);
            start(next, folder);
            State between = state(next);
            next.commit(transaction(1), true, null, null);
            System.out.println("half committed: " + between.known());
            System.out.println("committed again: " + (state(next).equals(before) ? "as committed once" : state(next)));
            next.stop();
        } finally {
            Support.remove(folder);
        }
    }

    /** What a consumer gets, what a transaction manager is told; and how many messages of each log file are counted as needed. */
    private record State(String known, Map<Object, Object> references) {}

    /** Transaction 1 receives the first message of a queue, transaction 2 sends one to it. */
    private static State write(Path folder, boolean ended) throws Exception {
        LevelDBStore store = new LevelDBStore();
        start(store, folder);
        sent = 0;
        MessageStore orders = queue(store, "orders");
        send(orders, 2);
        receive(orders, 1);
        store.prepare(transaction(1));
        Message message = message(orders);
        message.setTransactionId(transaction(2));
        orders.addMessage(new ConnectionContext(), message);
        store.prepare(transaction(2));
        if (ended) {
            for (int i = 1; i <= 2; i++) store.commit(transaction(i), true, null, null);
        }
        send(queue(store, "kept"), KEPT);
        State state = state(store);
        store.stop();
        return state;
    }

    private static String open(String who, Path folder, State written, Map<String, String> index) throws Exception {
        LevelDBStore store = who.equals("product") ? new LevelDBStore() : Support.store("master", NOBODY);
        try {
            start(store, folder);
        } catch (Throwable e) { // Scala declares none
            return "does not start, " + root(e).getClass().getSimpleName();
        }
        State state = state(store);
        store.stop();
        return state.equals(written) && entries(folder).equals(index) ? "as written" : state.known();
    }

    /** Ends what was prepared, by a master, and starts the next one from the log alone. */
    private static String end(String who, Path folder, boolean commit) throws Exception {
        LevelDBStore store = Support.store("master", NOBODY);
        start(store, folder);
        for (int i = 1; i <= 2; i++) {
            if (commit) store.commit(transaction(i), true, null, null);
            else store.rollback(transaction(i));
        }
        State now = state(store);
        store.stop();
        removeIndex(folder);
        LevelDBStore next = Support.store("master", NOBODY);
        start(next, folder);
        State later = state(next);
        next.stop();
        // The product's replay counted a message too many in the first log file, which is kept the longer for it.
        boolean same = who.equals("former") ? now.known().equals(later.known()) : now.equals(later);
        return same ? now.known() : now + ", next master: " + later;
    }

    private static void start(LevelDBStore store, Path folder) throws Exception {
        store.setDirectory(folder.toFile());
        store.setLogSize(LOG_BYTES);
        store.setIndexFactory("org.iq80.leveldb.impl.Iq80DBFactory");
        store.start();
    }

    /** A slave of ours, or a broker of before: its snapshot is what the next one begins with. */
    private static void replay(String who, Path folder) throws Exception {
        LevelDBStore store =
                who.equals("slave") ? (LevelDBStore) Support.ours("SlaveStore", (long) LOG_BYTES, NOBODY, 60.0) : new LevelDBStore();
        store.setDirectory(folder.toFile());
        store.setLogSize(LOG_BYTES);
        store.setIndexFactory("org.iq80.leveldb.impl.Iq80DBFactory");
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
        client.stop();
    }

    private static MessageStore queue(LevelDBStore store, String name) throws Exception {
        MessageStore queue = store.createQueueMessageStore(new ActiveMQQueue(name));
        queue.start();
        return queue;
    }

    private static void send(MessageStore queue, int messages) throws Exception {
        for (int i = 0; i < messages; i++) queue.addMessage(new ConnectionContext(), message(queue));
    }

    /** The first message, in a transaction. */
    private static void receive(MessageStore queue, int transaction) throws Exception {
        MessageAck ack = new MessageAck();
        ack.setDestination(queue.getDestination());
        ack.setMessageID(messages(queue).get(0).getMessageId());
        ack.setTransactionId(transaction(transaction));
        queue.removeMessage(new ConnectionContext(), ack);
    }

    private static Message message(MessageStore queue) throws Exception {
        ActiveMQTextMessage message = new ActiveMQTextMessage();
        message.setMessageId(new MessageId("ID:check-1:1:1:1", ++sent));
        message.setDestination(queue.getDestination());
        message.setPersistent(true);
        return message;
    }

    private static XATransactionId transaction(int number) {
        XATransactionId transaction = new XATransactionId();
        transaction.setGlobalTransactionId(new byte[] {(byte) number});
        transaction.setBranchQualifier(new byte[] {1});
        return transaction;
    }

    private static State state(LevelDBStore store) throws Exception {
        List<Long> orders = new ArrayList<>();
        for (Message message : messages(queue(store, "orders"))) orders.add(message.getMessageId().getProducerSequenceId());
        Map<Integer, String> transactions = new TreeMap<>();
        store.recover((TransactionRecoveryListener) (transaction, messages, acks) ->
                transactions.put((int) transaction.getGlobalTransactionId()[0], messages.length + " sent " + acks.length + " received"));
        Map<Object, Object> references = new TreeMap<>();
        JavaConversions.mapAsJavaMap(store.db().client().logRefs()).forEach((log, counter) -> references.put(log, counter.get()));
        String queues = "orders " + orders + ", kept " + messages(queue(store, "kept")).size();
        return new State(queues + ", transactions " + transactions, references);
    }

    private static List<Message> messages(MessageStore queue) throws Exception {
        List<Message> found = new ArrayList<>();
        queue.recover(new MessageRecoveryListener() {
            @Override
            public boolean recoverMessage(Message message) {
                return found.add(message);
            }

            @Override
            public boolean recoverMessageReference(MessageId reference) {
                return true;
            }

            @Override
            public boolean hasSpace() {
                return true;
            }

            @Override
            public boolean isDuplicate(MessageId reference) {
                return false;
            }
        });
        return found;
    }

    /** Collections and their entries, as the snapshot that a store left has them. */
    private static Map<String, String> entries(Path folder) throws Exception {
        File[] snapshots = folder.toFile().listFiles((in, name) -> name.matches("[0-9a-f]{16}\\.index"));
        Map<String, String> entries = new TreeMap<>();
        var options = new org.iq80.leveldb.Options().createIfMissing(false);
        Path copy = copy(snapshots[0].toPath(), folder.resolve("read"));
        try (var index = new org.iq80.leveldb.impl.Iq80DBFactory().open(copy.toFile(), options);
                DBIterator each = index.iterator()) {
            for (each.seekToFirst(); each.hasNext(); ) {
                var entry = each.next();
                byte prefix = entry.getKey()[0];
                if (prefix == LevelDBClient.COLLECTION_PREFIX() || prefix == LevelDBClient.ENTRY_PREFIX()) {
                    entries.put(HexFormat.of().formatHex(entry.getKey()), HexFormat.of().formatHex(entry.getValue()));
                }
            }
        } finally {
            Support.remove(copy);
        }
        return entries;
    }

    /** Logs alone of what was written; everything of what a replay has left. */
    private static Path copy(Path from, Path to) throws IOException {
        boolean logsAlone = from.endsWith("written");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file));
                if (Files.isDirectory(file)) {
                    if (!logsAlone || file.equals(from)) Files.createDirectory(target);
                } else if (!logsAlone || file.toString().endsWith(".log") && file.getParent().equals(from)) {
                    Files.copy(file, target);
                }
            }
        }
        return to;
    }

    private static void removeIndex(Path folder) throws IOException {
        for (File index : folder.toFile().listFiles((in, name) -> name.endsWith(".index"))) Support.remove(index.toPath());
    }

    private static Throwable root(Throwable thrown) {
        return thrown.getCause() == null ? thrown : root(thrown.getCause());
    }
}
