import activemq.cluster.GroupStore;
import java.io.File;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.leveldb.replicated.ElectingLevelDBStore;
import org.apache.activemq.leveldb.replicated.SlaveLevelDBStore;
import org.apache.activemq.usage.SystemUsage;
import scala.Function0;
import scala.runtime.AbstractFunction0;
import scala.runtime.BoxedUnit;

/**
 * Tells a member's store of one elected master after another, as MasterElector does, and prints what it is attached to each time:
 * {@code <product|ours> <step>: <done|not done> <where it attaches>}. The masters are ports that take connections and say nothing.
 * With {@code stuck}, stops a slave that never comes to an end.
 */
class MasterChangeCheck {
    /** How long what is done may take. */
    private static long patienceMillis;

    public static void main(String[] arguments) throws Exception {
        patienceMillis = Long.parseLong(arguments[1]);
        // A process each: the store's threads, and its end where it finds a lock held, are a process's.
        ElectingLevelDBStore store = arguments[0].equals("product") ? new ElectingLevelDBStore() : new GroupStore();
        File directory = Files.createTempDirectory("amq-store-").toFile();
        store.setDirectory(directory);
        store.setBrokerName("a");
        BrokerService broker = new BrokerService();
        broker.setUseJmx(false);
        store.setBrokerService(broker);
        store.setUsageManager(new SystemUsage());
        store.setHostname("127.0.0.1");
        ServerSocket itself = listen();
        int own = itself.getLocalPort();
        store.setBind("tcp://127.0.0.1:" + own);
        ServerSocket master = listen();
        int one = master.getLocalPort();
        int other = port();
        if (arguments[0].equals("stuck")) {
            store.slave_$eq(new SlaveLevelDBStore() {
                @Override
                public void stop() {
                    LockSupport.park();
                }
            });
            stop(store, arguments[0], "nobody", new String[0]);
            System.exit(0);
        }
        String[] names = {own + "=itself", one + "=one", other + "=other"};
        start(store, arguments[0], "itself", own, names);
        // Before it is stopped: a connection that is stopped while it is being made never says that it has stopped.
        if (arguments[0].equals("product")) itself.accept();
        stop(store, arguments[0], "nobody", names);
        start(store, arguments[0], "one", one, names);
        master.accept();
        start(store, arguments[0], "other", other, names);
        stop(store, arguments[0], "nobody", names);
        System.exit(0);
    }

    private static void start(ElectingLevelDBStore store, String whose, String step, int port, String[] names) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        store.start_slave("tcp://127.0.0.1:" + port, counting(done));
        print(store, whose, step, done, names);
    }

    private static void stop(ElectingLevelDBStore store, String whose, String step, String[] names) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        store.stop_slave(counting(done));
        print(store, whose, step, done, names);
    }

    private static void print(ElectingLevelDBStore store, String whose, String step, CountDownLatch done, String[] names) throws Exception {
        boolean isDone = done.await(patienceMillis, TimeUnit.MILLISECONDS);
        SlaveLevelDBStore slave = store.slave();
        String to = slave == null ? "nobody" : slave.connect();
        for (String name : names) {
            to = to.replace("tcp://127.0.0.1:" + name.split("=")[0], name.split("=")[1]);
        }
        System.out.println(whose + " " + step + ": " + (isDone ? "done" : "not done") + ", attached to " + to);
    }

    private static Function0<BoxedUnit> counting(CountDownLatch latch) {
        return new AbstractFunction0<>() {
            @Override
            public BoxedUnit apply() {
                latch.countDown();
                return BoxedUnit.UNIT;
            }
        };
    }

    /** @return a port that takes connections; whoever waits for one that does not come is told */
    private static ServerSocket listen() throws Exception {
        ServerSocket socket = new ServerSocket(0);
        socket.setSoTimeout((int) patienceMillis);
        return socket;
    }

    private static int port() throws Exception {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
