package activemq.cluster;

import java.io.IOException;
import java.util.Objects;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageDispatch;
import org.apache.activemq.filter.DestinationFilter;
import org.apache.activemq.network.DemandSubscription;
import org.apache.activemq.network.DurableConduitBridge;
import org.apache.activemq.network.NetworkBridgeConfiguration;
import org.apache.activemq.transport.Transport;

/**
 * A bridge that carries from a queue only what a consumer over there selects, and tells {@link ForwardedMessages} what it carries.
 *
 * <p>The product's bridge subscribes once for all consumers of a queue and drops their selectors: every message crosses, and those that
 * nobody selects over there wait there. This one subscribes once for all consumers of a queue with the same selector. Topics stay as
 * they are, because a message of a topic that crosses in vain is missed by nobody.
 */
public final class SelectiveBridge extends DurableConduitBridge {
    private volatile ForwardedMessages.Forwarded forwarded;

    /** Makes the bridge of one connection. */
    public SelectiveBridge(NetworkBridgeConfiguration configuration, Transport local, Transport remote) {
        super(configuration, local, remote);
    }

    @Override
    protected DemandSubscription createDemandSubscription(ConsumerInfo consumer) throws IOException {
        if (consumer.getSelector() == null || !consumer.getDestination().isQueue()) {
            return super.createDemandSubscription(consumer);
        }
        if (addToAlreadyInterestedConsumers(consumer, false)) {
            return null;
        }
        consumer.addNetworkConsumerId(consumer.getConsumerId());
        return doCreateDemandSubscription(consumer);
    }

    @Override
    protected boolean addToAlreadyInterestedConsumers(ConsumerInfo consumer, boolean forcedDurable) {
        if (!consumer.getDestination().isQueue()) {
            return super.addToAlreadyInterestedConsumers(consumer, forcedDurable);
        }
        if (!canShare(consumer)) {
            return false;
        }
        boolean added = false;
        for (DemandSubscription subscription : subscriptionMapByLocalId.values()) {
            if (serves(subscription, consumer)) {
                subscription.add(consumer.getConsumerId());
                added = true;
            }
        }
        return added;
    }

    /** Once, before the start. At the end the broker may have none of its plugins any more. */
    @Override
    public void setBrokerService(BrokerService broker) {
        super.setBrokerService(broker);
        try {
            forwarded = ForwardedMessages.of(broker);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Called for each message that is sent on, before it is. */
    @Override
    protected Message configureMessage(MessageDispatch dispatch) throws IOException {
        if (forwarded != null) {
            forwarded.leaves(dispatch.getDestination(), dispatch.getMessage().getMessageId(), this);
        }
        return super.configureMessage(dispatch);
    }

    @Override
    public void stop() throws Exception {
        super.stop();
        if (forwarded != null) {
            forwarded.ended(this);
        }
    }

    private boolean serves(DemandSubscription subscription, ConsumerInfo consumer) {
        ConsumerInfo local = subscription.getLocalInfo();
        ActiveMQDestination destination = local.getDestination();
        if (!destination.isQueue() || !DestinationFilter.parseFilter(destination).matches(consumer.getDestination())) {
            return false;
        }
        // A static one carries everything anyway.
        return subscription.isStaticallyIncluded()
                || canShare(subscription.getRemoteInfo()) && Objects.equals(local.getSelector(), consumer.getSelector());
    }

    /** As in the product: another bridge over there is no consumer among others. */
    private boolean canShare(ConsumerInfo consumer) {
        return !consumer.isNetworkSubscription() || configuration.isConduitNetworkQueueSubscriptions();
    }
}
