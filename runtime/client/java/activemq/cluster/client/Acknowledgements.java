package activemq.cluster.client;

import java.io.IOException;

/** Counts acknowledged messages over all producers, and the longest time without any. */
final class Acknowledgements {
    private final IdFile file;
    private long lastNanos;
    private long longestNanos;

    Acknowledgements(IdFile file) {
        this.file = file;
    }

    synchronized void add(String id) throws IOException {
        note();
        file.add(id);
    }

    /** The longest gap so far; one that has not ended counts as well. */
    synchronized double longestGapSeconds() {
        if (file.count() > 0) {
            note();
        }
        return longestNanos / 1e9;
    }

    private void note() {
        long now = System.nanoTime();
        if (file.count() > 0) {
            longestNanos = Math.max(longestNanos, now - lastNanos);
        }
        lastNanos = now;
    }
}
