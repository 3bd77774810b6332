package activemq.cluster;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.command.BrokerId;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.NetworkBridgeFilter;
import org.apache.activemq.filter.MessageEvaluationContext;
import org.apache.activemq.network.ConditionalNetworkBridgeFilterFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a bridge take messages of a queue back to the group that they came from, once no consumer of this group selects them.
 *
 * <p>A message stays for a while first, or messages would go to and fro while consumers come and go. The product has a replayDelay for
 * that. But nobody asks its filter again when the delay is over: a message waits until something else wakes the queue, at last the
 * look for expired messages each 30 s. This factory wakes it.
 */
public final class ReplayFilterFactory extends ConditionalNetworkBridgeFilterFactory {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayFilterFactory.class);
    /** Messages that arrived one after the other go back together. */
    private static final long SHORTEST_PAUSE_MILLIS = 100;

    private static final ScheduledExecutorService CLOCK = Executors.newSingleThreadScheduledExecutor(work -> {
        Thread thread = new Thread(work, "ReplayFilterFactory");
        thread.setDaemon(true);
        return thread;
    });
    /** The queues that will be woken. */
    private static final Set<Destination> WAITING = ConcurrentHashMap.newKeySet();

    private int stayMillis;

    /** Makes a factory whose filters let messages go back at once. */
    public ReplayFilterFactory() {
        setReplayWhenNoConsumers(true);
        setSelectorAware(true);
    }

    /** Sets how long a message stays before it may go back. */
    public void setStayMillis(int stayMillis) {
        this.stayMillis = stayMillis;
    }

    @Override
    public NetworkBridgeFilter create(ConsumerInfo consumer, BrokerId[] remotePath, int messageTTL, int consumerTTL) {
        NetworkBridgeFilter product = super.create(consumer, remotePath, messageTTL, consumerTTL);
        return new NetworkBridgeFilter(null, remotePath[0], messageTTL, consumerTTL) {
            @Override
            protected boolean matchesForwardingFilter(Message message, MessageEvaluationContext context) {
                return matchesProduct(product, context)
                        && (!contains(message.getBrokerPath(), networkBrokerId) || hasStayed(message, context));
            }
        };
    }

    /** What the product declares to throw has another name in each release. */
    private static boolean matchesProduct(NetworkBridgeFilter product, MessageEvaluationContext context) {
        try {
            return product.matches(context);
        } catch (Exception e) {
            LOG.warn("A message of {} does not cross a bridge", context.getDestination(), e);
            return false;
        }
    }

    private boolean hasStayed(Message message, MessageEvaluationContext context) {
        long left = message.getBrokerInTime() + stayMillis - System.currentTimeMillis();
        // Of a clock that was set back, a message may have arrived in the future.
        if (left <= 0 || left > stayMillis) {
            return true;
        }
        wakeLater((Destination) context.getMessageReference().getRegionDestination(), left);
        return false;
    }

    private static void wakeLater(Destination queue, long millis) {
        if (WAITING.add(queue)) {
            CLOCK.schedule(() -> wake(queue), Math.max(millis, SHORTEST_PAUSE_MILLIS), TimeUnit.MILLISECONDS);
        }
    }

    private static void wake(Destination queue) {
        WAITING.remove(queue);
        try {
            queue.wakeup();
        } catch (RuntimeException e) {
            LOG.debug("{} is not there any more", queue.getName(), e);
        }
    }
}
