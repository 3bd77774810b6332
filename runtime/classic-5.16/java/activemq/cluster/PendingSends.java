package activemq.cluster;

import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.activemq.broker.region.Queue;
import org.apache.activemq.command.Message;

/**
 * How many sends a queue takes for under way.
 *
 * <p>The original counts one as over when the queue's cursor gets the message (Queue.messageSent, line 1952), which never comes for a send
 * that {@link SentOnce} answers. With two of them the queue reads each later message from the store until the next failover
 * (QueueStorePrefetch.canEnableCash, line 93).
 */
final class PendingSends {
    private static final Field COUNT = count();

    private PendingSends() {}

    /** Counts the send of this message as over. */
    static void end(Message message) {
        if (message.getRegionDestination() instanceof Queue queue) {
            try {
                ((AtomicInteger) COUNT.get(queue)).decrementAndGet();
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static Field count() {
        try {
            Field count = Queue.class.getDeclaredField("pendingSends");
            count.setAccessible(true);
            return count;
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException(e);
        }
    }
}
