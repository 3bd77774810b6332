package activemq.cluster;

import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.broker.region.MessageReference;
import org.apache.activemq.broker.region.Subscription;
import org.apache.activemq.broker.region.TopicSubscription;
import org.apache.activemq.broker.region.cursors.FilePendingMessageCursor;
import org.apache.activemq.broker.region.cursors.PendingMessageCursor;
import org.apache.activemq.broker.region.cursors.VMPendingMessageCursor;
import org.apache.activemq.broker.region.policy.PendingMessageLimitStrategy;
import org.apache.activemq.broker.region.policy.PendingSubscriberMessageStoragePolicy;
import org.apache.activemq.usage.MemoryUsage;

/**
 * What waits of a topic for a subscription that is slower than the senders. A subscriber of the group loses the oldest messages
 * beyond a limit. A bridge loses none, because it stands for all subscribers over there.
 *
 * <p>A bridge's messages wait on disk, in the broker's temporary store, once the topic has used half of its memory. With all of it
 * used the topic would take no message from over there. Two bridges that wait for each other would then wait for ever. Once the
 * temporary store is full, senders wait.
 */
public final class BridgeBacklogs implements PendingMessageLimitStrategy, PendingSubscriberMessageStoragePolicy {
    private static final int PERCENT_IN_MEMORY = 50;
    private static final int NONE = -1;

    private int limit = NONE;

    /** Sets how many messages may wait for a subscriber of the group, beside those that it has prefetched. */
    public void setLimit(int limit) {
        this.limit = limit;
    }

    @Override
    public int getMaximumPendingMessageLimit(TopicSubscription subscription) {
        return isOfBridge(subscription) ? NONE : limit;
    }

    @Override
    public PendingMessageCursor getSubscriberPendingMessageCursor(Broker broker, String name, int batch, Subscription subscription) {
        // As the product does without a policy.
        if (subscription.getConsumerInfo().getDestination().isTemporary() || broker.getTempDataStore() == null) {
            return new VMPendingMessageCursor(false);
        }
        return isOfBridge(subscription) ? new OnDisk(broker, name) : new FilePendingMessageCursor(broker, name, false);
    }

    private static boolean isOfBridge(Subscription subscription) {
        return subscription.getConsumerInfo().isNetworkSubscription();
    }

    private static final class OnDisk extends FilePendingMessageCursor {
        private volatile MemoryUsage topic;

        OnDisk(Broker broker, String name) {
            super(broker, name, false);
        }

        @Override
        public boolean tryAddMessageLast(MessageReference message, long longestMillis) throws Exception {
            topic = ((Destination) message.getRegionDestination()).getMemoryUsage();
            return super.tryAddMessageLast(message, longestMillis);
        }

        @Override
        public boolean hasSpace() {
            return super.hasSpace() && (topic == null || topic.getPercentUsage() < PERCENT_IN_MEMORY);
        }

        /** The product drops what it cannot move to the disk. */
        @Override
        public synchronized boolean isFull() {
            return super.isFull() || !hasSpace() && systemUsage != null && systemUsage.getTempUsage().isFull();
        }
    }
}
