package activemq.cluster;

import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongSupplier;

/**
 * Up to which number a table has all messages that it will have. They get their numbers in one order and are committed in another, so
 * behind a message that is there an earlier one may yet appear.
 */
final class WritesUnderWay {
    private final LongSupplier lastNumber;
    /** Weak: what was given up without a word, with its transaction, must not hold up the others. */
    private final Map<Object, Long> first = new WeakHashMap<>();

    WritesUnderWay(LongSupplier lastNumber) {
        this.lastNumber = lastNumber;
    }

    /** Before it gets its first number. */
    synchronized void begin(Object write) {
        first.putIfAbsent(write, lastNumber.getAsLong() + 1);
    }

    /** Once it is committed, or never will be. */
    synchronized void end(Object write) {
        first.remove(write);
    }

    synchronized long complete() {
        long complete = lastNumber.getAsLong();
        for (long number : first.values()) {
            complete = Math.min(complete, number - 1);
        }
        return complete;
    }
}
