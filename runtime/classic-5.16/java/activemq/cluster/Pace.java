package activemq.cluster;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How often something may be done that holds up others: where it takes long, in a twentieth of the time at most.
 *
 * <p>For one thread.
 */
final class Pace {
    /** What nobody feels. */
    private static final long SHORT_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int PAUSES = 20;

    private final LongSupplier nanoTime;
    private long began;
    private long pauseNanos;
    private long ended;

    /** @param nanoTime as System.nanoTime */
    Pace(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    boolean isDue() {
        return pauseNanos == 0 || nanoTime.getAsLong() - ended >= pauseNanos;
    }

    void begin() {
        began = nanoTime.getAsLong();
    }

    void end() {
        ended = nanoTime.getAsLong();
        long took = ended - began;
        pauseNanos = took < SHORT_NANOS ? 0 : PAUSES * took;
    }
}
