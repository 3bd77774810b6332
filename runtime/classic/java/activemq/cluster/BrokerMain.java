package activemq.cluster;

import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.broker.BrokerFactory;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.transport.TransportFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one broker and ends with it: {@code BrokerMain xbean:file:activemq.xml}.
 *
 * <p>The console's start command differs in three ways that cost reliability. It starts a demoted master again inside the same
 * process, which fails about every second time; it keeps the process alive when the start fails and some thread lives on; and it
 * has no shutdown hook until the broker has started, which a slave never has, so that a slave that is told to stop leaves its
 * registration behind in ZooKeeper.
 */
public final class BrokerMain {
    /** EX_TEMPFAIL: nothing is wrong that a new start would not mend. */
    static final int EXIT_CODE = 75;

    private static final Logger LOG = LoggerFactory.getLogger(BrokerMain.class);
    private static final long LONGEST_STOP_SECONDS = 15;

    private BrokerMain() {}

    /** Runs the broker of the given configuration until it stops. */
    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: BrokerMain <broker URI>");
            System.exit(2);
        }
        try {
            TransportFactory.registerTransportFactory("ws", new WebSocketTransportFactory());
            // Created without being started, for the hook must know the broker before a slave's start blocks.
            BrokerFactory.setStartDefault(false);
            BrokerService broker = BrokerFactory.createBroker(new URI(arguments[0]));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(broker), "BrokerMain shutdown"));
            watch(broker);
            BrokerCollector.register(broker);
            BrokerReport.start(broker);
            DeadlockWatch.start(DeadlockWatch.PAUSE_MILLIS);
            broker.start();
            LastFailure.forget();
            broker.waitUntilStopped();
        } catch (Throwable e) {
            LOG.error("The broker could not start", e);
            LastFailure.remember("The broker could not start", e);
            exit(1);
        }
        LOG.info("The broker has stopped; ending the process so that a fresh one takes its place");
        exit(EXIT_CODE);
    }

    private static void stop(BrokerService broker) {
        try {
            broker.stop();
        } catch (Exception e) {
            LOG.warn("The broker did not stop cleanly", e);
        }
    }

    /** A slave's start never returns once it is told to stop, and a stop can hang: neither may keep the process. */
    private static void watch(BrokerService broker) {
        Thread thread = new Thread(() -> {
            try {
                while (!broker.isStopping() && !broker.isStopped()) {
                    TimeUnit.MILLISECONDS.sleep(200);
                }
                for (int i = 0; i < LONGEST_STOP_SECONDS * 5 && !broker.isStopped(); i++) {
                    TimeUnit.MILLISECONDS.sleep(200);
                }
            } catch (InterruptedException e) {
                return;
            }
            exit(EXIT_CODE);
        }, "BrokerMain watch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Ends the process; after a while without asking the shutdown hooks. */
    private static void exit(int code) {
        Thread halt = new Thread(() -> {
            try {
                TimeUnit.SECONDS.sleep(LONGEST_STOP_SECONDS);
            } catch (InterruptedException e) {
                return;
            }
            Runtime.getRuntime().halt(code);
        }, "BrokerMain halt");
        halt.setDaemon(true);
        halt.start();
        System.exit(code);
    }
}
