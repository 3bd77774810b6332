package activemq.cluster;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.BrokerFilter;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.ConsumerBrokerExchange;
import org.apache.activemq.broker.ProducerBrokerExchange;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a message that comes back over a bridge wait until it has left.
 *
 * <p>A bridge acknowledges a message here when the other broker has said that it took it. The two connections of a pair of bridges
 * know nothing of each other: on a busy broker the message can be back before that acknowledgement. The queue then has it twice, takes
 * the second one for a duplicate and makes a dead letter of it. The acknowledgement removes the first one, and no consumer gets it.
 */
public final class ForwardedMessages implements BrokerPlugin {
    private static final Logger LOG = LoggerFactory.getLogger(ForwardedMessages.class);
    private static final long LONGEST_WAIT_SECONDS = 30;
    private static final long PAUSE_MILLIS = 10;

    @Override
    public Broker installPlugin(Broker broker) {
        return new Forwarded(broker);
    }

    /** @return where bridges of a broker note what they do; null where the plugin is not installed */
    static Forwarded of(BrokerService broker) throws Exception {
        return (Forwarded) broker.getBroker().getAdaptor(Forwarded.class);
    }

    private static List<Object> key(ActiveMQDestination destination, MessageId id) {
        return List.of(destination, id);
    }

    static final class Forwarded extends BrokerFilter {
        /** What bridges have sent on and not acknowledged, each with its bridge. */
        private final Map<List<Object>, Object> leaving = new ConcurrentHashMap<>();

        Forwarded(Broker next) {
            super(next);
        }

        /** Notes that a bridge sends a message on. */
        void leaves(ActiveMQDestination destination, MessageId id, Object bridge) {
            if (destination.isQueue()) {
                leaving.put(key(destination, id), bridge);
            }
        }

        /** Notes that a bridge has ended: the broker has again what it has not acknowledged. */
        void ended(Object bridge) {
            leaving.values().removeIf(of -> of == bridge);
        }

        @Override
        public void send(ProducerBrokerExchange exchange, Message message) throws Exception {
            if (message.getBrokerPath() != null) {
                awaitDeparture(message);
            }
            super.send(exchange, message);
        }

        @Override
        public void acknowledge(ConsumerBrokerExchange exchange, MessageAck ack) throws Exception {
            super.acknowledge(exchange, ack);
            if (!leaving.isEmpty() && ack.getDestination() != null && ack.getLastMessageId() != null) {
                leaving.remove(key(ack.getDestination(), ack.getLastMessageId()));
            }
        }

        private void awaitDeparture(Message message) throws InterruptedException {
            List<Object> key = key(message.getDestination(), message.getMessageId());
            long began = System.nanoTime();
            while (leaving.containsKey(key)) {
                if (System.nanoTime() - began > TimeUnit.SECONDS.toNanos(LONGEST_WAIT_SECONDS)) {
                    LOG.warn("Message {} of {} came back, and no bridge has acknowledged it", message.getMessageId(), message.getDestination());
                    return;
                }
                Thread.sleep(PAUSE_MILLIS);
            }
        }
    }
}
