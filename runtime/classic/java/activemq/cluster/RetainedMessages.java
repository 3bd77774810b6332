package activemq.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.activemq.advisory.AdvisorySupport;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.BrokerFilter;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.broker.ProducerBrokerExchange;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.broker.region.DestinationFilter;
import org.apache.activemq.broker.region.Topic;
import org.apache.activemq.broker.region.policy.RetainedMessageSubscriptionRecoveryPolicy;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.ProducerId;
import org.apache.activemq.security.SecurityContext;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.util.IdGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the retained message of each topic in the broker's store, as MQTT promises it.
 *
 * <p>The product keeps it in memory, in the topic. It is gone with the master, and with a topic that is removed when idle. Here a
 * retained message is stored before its sender hears that it was taken. The next master gives it to its topic before clients come, and
 * a topic with a retained message is not removed when idle.
 *
 * <p>In the store the messages are those of a queue. The queue is none for clients, who could take them from there.
 */
public final class RetainedMessages implements BrokerPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(RetainedMessages.class);
    private static final int LOCKS = 64;
    private static final ActiveMQQueue STORED = new ActiveMQQueue("ActiveMQ.Retained");

    @Override
    public Broker installPlugin(Broker broker) {
        return new Retaining(broker);
    }

    private static final class Retaining extends BrokerFilter {
        private final ProducerId producer = new ProducerId(new IdGenerator().generateId() + ":1:1");
        /** What is stored of each topic. */
        private final Map<ActiveMQDestination, MessageId> kept = new ConcurrentHashMap<>();
        /** Of some topics each: the last message of a topic has to be the last one stored. */
        private final Object[] locks = Stream.generate(Object::new).limit(LOCKS).toArray();

        private final AtomicLong stored = new AtomicLong();
        private final ConnectionContext context = new ConnectionContext();
        private MessageStore store;

        Retaining(Broker next) {
            super(next);
        }

        @Override
        public void start() throws Exception {
            super.start();
            context.setBroker(this);
            context.setSecurityContext(SecurityContext.BROKER_SECURITY_CONTEXT);
            store = getBrokerService().getPersistenceAdapter().createQueueMessageStore(STORED);
            store.start();
            for (Message message : recovered().values()) {
                giveBack(message);
            }
        }

        @Override
        public void stop() throws Exception {
            super.stop();
            if (store != null) {
                store.stop();
            }
        }

        @Override
        public void send(ProducerBrokerExchange exchange, Message message) throws Exception {
            // The topic takes the property from the message.
            boolean isRetained = message.getDestination().isTopic() && !message.isInTransaction() && isMarked(message);
            super.send(exchange, message);
            if (isRetained) {
                keep(message.getDestination());
            }
        }

        @Override
        public Destination addDestination(ConnectionContext client, ActiveMQDestination destination, boolean temporary) throws Exception {
            if (!STORED.equals(destination)) {
                return super.addDestination(client, destination, temporary);
            }
            if (client.getSecurityContext() == SecurityContext.BROKER_SECURITY_CONTEXT) {
                // The broker would make a queue of all that is in the store.
                return null;
            }
            throw new SecurityException(STORED.getPhysicalName() + " is of the broker itself");
        }

        @Override
        public void removeDestination(ConnectionContext client, ActiveMQDestination destination, long timeout) throws Exception {
            super.removeDestination(client, destination, timeout);
            synchronized (lockOf(destination)) {
                forget(kept.remove(destination));
            }
        }

        /** Stores what the topic has now, in place of what is stored. */
        private void keep(ActiveMQDestination destination) throws Exception {
            Topic topic = topic(destination);
            if (topic == null) {
                return;
            }
            synchronized (lockOf(destination)) {
                Message[] retained = topic.getSubscriptionRecoveryPolicy().browse(destination);
                MessageId before = kept.remove(destination);
                if (retained.length > 0) {
                    Message copy = retained[0].copy();
                    copy.setMessageId(new MessageId(producer, stored.incrementAndGet()));
                    copy.setTransactionId(null);
                    copy.setPersistent(true);
                    // What makes stores wait for the disk.
                    copy.setResponseRequired(true);
                    store.addMessage(context, copy);
                    kept.put(destination, copy.getMessageId());
                }
                topic.setGcIfInactive(retained.length == 0);
                forget(before);
            }
        }

        private Object lockOf(ActiveMQDestination destination) {
            return locks[Math.floorMod(destination.hashCode(), LOCKS)];
        }

        private void forget(MessageId id) throws Exception {
            if (id != null) {
                MessageAck ack = new MessageAck();
                ack.setAckType(MessageAck.INDIVIDUAL_ACK_TYPE);
                ack.setDestination(STORED);
                ack.setFirstMessageId(id);
                ack.setLastMessageId(id);
                ack.setMessageCount(1);
                store.removeMessage(context, ack);
            }
        }

        /** The stored messages. A broker that died between two writes has left two messages of one topic, the newer one behind. */
        private Map<ActiveMQDestination, Message> recovered() throws Exception {
            Map<ActiveMQDestination, Message> messages = new LinkedHashMap<>();
            Map<MessageId, Message> outdated = new LinkedHashMap<>();
            store.recover(new MessageRecoveryListener() {
                @Override
                public boolean recoverMessage(Message message) {
                    Message before = messages.put(message.getDestination(), message);
                    if (before != null) {
                        outdated.put(before.getMessageId(), before);
                    }
                    return true;
                }

                @Override
                public boolean recoverMessageReference(MessageId reference) {
                    return true;
                }

                @Override
                public boolean hasSpace() {
                    return true;
                }

                @Override
                public boolean isDuplicate(MessageId reference) {
                    return false;
                }
            });
            for (MessageId id : outdated.keySet()) {
                forget(id);
            }
            return messages;
        }

        private void giveBack(Message message) throws Exception {
            ActiveMQDestination destination = message.getDestination();
            super.addDestination(context, destination, false);
            Topic topic = topic(destination);
            if (topic == null) {
                LOG.warn("The retained message of {} has no topic", destination);
                return;
            }
            message.removeProperty(RetainedMessageSubscriptionRecoveryPolicy.RETAINED_PROPERTY);
            message.setProperty(RetainedMessageSubscriptionRecoveryPolicy.RETAIN_PROPERTY, true);
            message.setRegionDestination(topic);
            topic.getSubscriptionRecoveryPolicy().add(context, message);
            topic.setGcIfInactive(false);
            kept.put(destination, message.getMessageId());
        }

        private static boolean isMarked(Message message) throws Exception {
            if (AdvisorySupport.isAdvisoryTopic(message.getDestination())) {
                return false;
            }
            Object mark = message.getProperty(RetainedMessageSubscriptionRecoveryPolicy.RETAIN_PROPERTY);
            return mark != null && Boolean.parseBoolean(mark.toString());
        }

        /** A topic's object may be in others, such as that of virtual topics. */
        private Topic topic(ActiveMQDestination destination) {
            Destination found = getDestinations(destination).stream().findAny().orElse(null);
            while (found instanceof DestinationFilter) {
                found = ((DestinationFilter) found).getNext();
            }
            return found instanceof Topic ? (Topic) found : null;
        }
    }
}
