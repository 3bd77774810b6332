import java.io.File;
import java.nio.file.Files;
import java.util.Arrays;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.leveldb.replicated.MasterLevelDBStore;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.util.DefaultIOExceptionHandler;
import org.apache.log4j.BasicConfigurator;
import org.fusesource.hawtbuf.Buffer;
import scala.runtime.AbstractFunction1;

/**
 * Writes a log of several files that nobody can replay, and opens it. Arguments: folder, product | master | slave, and the damage:
 * a forged record at the end, a file that is missing in the middle, or an index that is damaged.
 */
class ForgedRecordCheck {
    private static final int LOG_BYTES = 2048;

    public static void main(String[] args) throws Exception {
        BasicConfigurator.configure();
        File folder = new File(args[0]);
        write(folder);
        damage(folder, args[2]);
        Runnable noElection = () -> {};
        Object leaving = Support.ours("Leaving", noElection);
        switch (args[1]) {
            case "product" -> start(new LevelDBStore(), folder);
            case "master" -> {
                MasterLevelDBStore master = (MasterLevelDBStore) Support.ours("MasterStore", leaving);
                master.replicas_$eq(1);
                master.bind_$eq("tcp://127.0.0.1:0");
                // The store asks its broker what to do about a failure, as it does in a group.
                BrokerService broker = new BrokerService();
                broker.setUseJmx(false);
                broker.setIoExceptionHandler(new DefaultIOExceptionHandler());
                master.setBrokerService(broker);
                start(master, folder);
            }
            default -> {
                LevelDBStore slave = (LevelDBStore) Support.ours("SlaveStore", (long) LOG_BYTES, leaving, 60.0);
                configure(slave, folder);
                LevelDBClient client = slave.db().client();
                // What SlaveLevelDBStore does once it has the master's files.
                client.init();
                client.replay_init();
                client.log().open(-1);
                client.replay_from(0, client.log().appender_limit(), false);
            }
        }
        System.out.println("goes on");
        System.exit(0);
    }

    private static void write(File folder) throws Exception {
        LevelDBStore store = new LevelDBStore();
        start(store, folder);
        MessageStore queue = store.createQueueMessageStore(new ActiveMQQueue("orders"));
        queue.start();
        for (int i = 1; i <= 40; i++) {
            ActiveMQTextMessage message = new ActiveMQTextMessage();
            message.setMessageId(new MessageId("ID:check-1:1:1:1", i));
            message.setDestination(queue.getDestination());
            message.setPersistent(true);
            queue.addMessage(new ConnectionContext(), message);
        }
        store.stop();
    }

    private static void damage(File folder, String damage) throws Exception {
        File[] logs = folder.listFiles((in, name) -> name.endsWith(".log"));
        File[] indexes = folder.listFiles((in, name) -> name.matches("[0-9a-f]{16}\\.index"));
        if (damage.equals("index")) {
            Files.writeString(new File(indexes[0], "CURRENT").toPath(), "forged");
            return;
        }
        for (File index : indexes) for (File file : index.listFiles()) file.delete();
        for (File index : indexes) index.delete();
        if (damage.equals("file")) {
            Arrays.sort(logs);
            logs[1].delete();
            return;
        }
        RecordLog log = new RecordLog(folder, ".log");
        log.logSize_$eq(LOG_BYTES);
        log.open(-1);
        log.appender(new AbstractFunction1<RecordLog.LogAppender, Object>() {
            @Override
            public Object apply(RecordLog.LogAppender appender) {
                return appender.append(LevelDBClient.LOG_ADD_ENTRY(), new Buffer(new byte[] {1, 2, 3}));
            }
        });
        log.close();
    }

    private static void start(LevelDBStore store, File folder) throws Exception {
        configure(store, folder);
        store.start();
    }

    private static void configure(LevelDBStore store, File folder) {
        store.setDirectory(folder);
        store.setLogSize(LOG_BYTES);
        store.setIndexFactory("org.iq80.leveldb.impl.Iq80DBFactory");
    }
}
