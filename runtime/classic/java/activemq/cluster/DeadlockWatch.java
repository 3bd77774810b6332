package activemq.cluster;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a process whose threads wait for each other for ever, so that a fresh one takes its place.
 *
 * <p>Found in a slave of replicatedLevelDB 5.16 at a reconnect to ZooKeeper, once in about a hundred: ZooKeeperGroup.onConnected (line
 * 117) holds the group's lock and tells the MasterElector, which holds its own and updates the group (ClusteredSingleton.join, line
 * 212). The slave is neither attached nor elected from then on, and looks as if it were starting.
 */
final class DeadlockWatch implements Runnable {
    static final long PAUSE_MILLIS = 5000;

    private static final Logger LOG = LoggerFactory.getLogger(DeadlockWatch.class);
    private static final int MOST_FRAMES = 20;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private final long pauseMillis;

    private DeadlockWatch(long pauseMillis) {
        this.pauseMillis = pauseMillis;
    }

    static void start(long pauseMillis) {
        Thread thread = new Thread(new DeadlockWatch(pauseMillis), "DeadlockWatch");
        thread.setDaemon(true);
        thread.start();
    }

    /** Two looks: one alone could meet threads that wait for a lock with a time limit. */
    @Override
    public void run() {
        Set<Long> before = Set.of();
        try {
            while (true) {
                Thread.sleep(pauseMillis);
                long[] found = threads.findDeadlockedThreads();
                Set<Long> now = found == null ? Set.of() : Arrays.stream(found).boxed().collect(Collectors.toSet());
                if (!now.isEmpty() && now.equals(before)) {
                    end(found);
                }
                before = now;
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped");
        }
    }

    private void end(long[] deadlocked) {
        String stacks = Arrays.stream(threads.getThreadInfo(deadlocked, MOST_FRAMES))
                .map(DeadlockWatch::describe)
                .collect(Collectors.joining("\n"));
        LOG.error("Threads wait for each other for ever; ending the process so that a fresh one takes its place\n{}", stacks);
        LastFailure.remember("Threads wait for each other for ever", null);
        // Not exit: the shutdown would wait for the same locks.
        Runtime.getRuntime().halt(BrokerMain.EXIT_CODE);
    }

    private static String describe(ThreadInfo thread) {
        String frames = Arrays.stream(thread.getStackTrace()).map(frame -> "\n    at " + frame).collect(Collectors.joining());
        return thread.getThreadName() + " waits for " + thread.getLockName() + " of " + thread.getLockOwnerName() + frames;
    }
}
