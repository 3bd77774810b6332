package activemq.cluster.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** When a command has to come to an end: told so on stdin, out of time, or done. */
final class Ending {
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile long startNanos = System.nanoTime();
    private final double limitSeconds;

    /** @param limitSeconds time limit, 0 for none */
    Ending(double limitSeconds) {
        this.limitSeconds = limitSeconds;
        Thread thread = new Thread(this::read, "stdin");
        thread.setDaemon(true);
        thread.start();
    }

    private void read() {
        // The end of stdin is no order to stop: many a caller gives none.
        try (BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.trim().equals("stop")) {
                    end();
                }
            }
        } catch (IOException e) {
            // As good as its end.
        }
    }

    /** Starts the clock anew: getting ready does not count. */
    void begin() {
        startNanos = System.nanoTime();
    }

    void end() {
        ended.countDown();
    }

    boolean reached() {
        return ended.getCount() == 0 || (limitSeconds > 0 && seconds() >= limitSeconds);
    }

    /** Waits, for this long at most; true when the end is reached. */
    boolean await(long millis) throws InterruptedException {
        if (!reached() && millis > 0) {
            double left = limitSeconds > 0 ? Math.max(0, limitSeconds - seconds()) * 1000 : millis;
            ended.await((long) Math.min(millis, Math.ceil(left)), TimeUnit.MILLISECONDS);
        }
        return reached();
    }

    double seconds() {
        return (System.nanoTime() - startNanos) / 1e9;
    }
}
