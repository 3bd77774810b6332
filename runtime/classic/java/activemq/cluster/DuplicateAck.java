package activemq.cluster;

import org.apache.activemq.command.MessageAck;

/**
 * Acknowledgments with which brokers drop what they take for a second copy of a topic's message.
 *
 * <p>A cursor that is handed a message which it has had says so to the broker (AbstractStoreCursor.recoverMessage), which acknowledges it
 * for the subscription. But a cursor also has had what it read from the store a moment before the broker hands it the same message, and
 * what its producer sent again and the store keeps once: then the subscriber has yet to acknowledge it.
 */
final class DuplicateAck {
    private DuplicateAck() {}

    /** A client's has its consumer. The cause, which the broker writes into its own one (BaseDestination.duplicateFromStore), does not get here. */
    static boolean is(MessageAck ack) {
        return ack.isPoisonAck() && ack.getConsumerId() == null;
    }
}
