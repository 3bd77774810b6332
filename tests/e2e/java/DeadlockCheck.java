import java.lang.reflect.Method;
import java.util.concurrent.CyclicBarrier;
import org.apache.log4j.BasicConfigurator;

/** Two threads under the watch that take two locks. Arguments: `crossed` or `in order`, and how long to live in milliseconds. */
class DeadlockCheck {
    private static final long PAUSE_MILLIS = 500;

    public static void main(String[] args) throws Exception {
        BasicConfigurator.configure();
        boolean crossed = args[0].equals("crossed");
        Object[] locks = {new Object(), new Object()};
        CyclicBarrier both = new CyclicBarrier(crossed ? 2 : 1);
        for (int i = 0; i < 2; i++) {
            Object first = locks[crossed ? i : 0];
            Object second = locks[crossed ? 1 - i : 1];
            Thread thread = new Thread(() -> take(first, second, both), "taker " + i);
            thread.setDaemon(true);
            thread.start();
        }
        // It is the package's own.
        Method start = Class.forName("activemq.cluster.DeadlockWatch").getDeclaredMethod("start", long.class);
        start.setAccessible(true);
        start.invoke(null, PAUSE_MILLIS);
        Thread.sleep(Long.parseLong(args[1]));
        System.exit(0);
    }

    /** Waiting for a lock that is held for long is no deadlock. */
    private static void take(Object first, Object second, CyclicBarrier both) {
        synchronized (first) {
            try {
                both.await();
                Thread.sleep(2 * PAUSE_MILLIS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            synchronized (second) {
                System.out.println("took both");
            }
        }
    }
}
