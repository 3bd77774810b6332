package activemq.cluster;

import org.apache.activemq.broker.region.Subscription;
import org.apache.activemq.broker.region.cursors.AbstractStoreCursor;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.filter.MessageEvaluationContext;
import org.apache.activemq.filter.NonCachedMessageEvaluationContext;
import org.apache.activemq.store.MessageRecoveryListener;

/**
 * Hands a durable subscription's cursor what the subscriber has not acknowledged.
 *
 * <p>What the cursor refuses, and nobody holds, is never acknowledged: it counts as acknowledged, or the place would stay before it.
 */
final class UnreadMessages implements MessageRecoveryListener {
    private final MessageRecoveryListener cursor;
    private final Acknowledged acknowledged;
    private final StoredCopies copies;

    UnreadMessages(MessageRecoveryListener cursor, Acknowledged acknowledged, StoredCopies copies) {
        this.cursor = cursor;
        this.acknowledged = acknowledged;
        this.copies = copies;
    }

    @Override
    public boolean recoverMessage(Message message) throws Exception {
        long number = TopicStore.number(message);
        if (acknowledged.has(number)) {
            return false;
        }
        copies.met(message.getMessageId(), number);
        boolean taken = cursor.recoverMessage(message);
        if (!taken && cursor instanceof AbstractStoreCursor store && isNobodys(store.getSubscription(), message, number)) {
            acknowledged.add(number);
        }
        return taken;
    }

    private boolean isNobodys(Subscription subscription, Message message, long number) throws Exception {
        MessageEvaluationContext context = new NonCachedMessageEvaluationContext();
        context.setMessageReference(message);
        if (!subscription.matches(message, context)) {
            return true;
        }
        // The cursor knows its identifier. It reads when it has handed out all that it had: to the subscriber, which has acknowledged it
        // if it holds nothing. Then this is a second copy, as far as that is known.
        return subscription.getDispatchedQueueSize() == 0 || copies.hasFirst(number, acknowledged);
    }

    @Override
    public boolean recoverMessageReference(MessageId message) throws Exception {
        return cursor.recoverMessageReference(message);
    }

    @Override
    public boolean hasSpace() {
        return cursor.hasSpace();
    }

    @Override
    public boolean canRecoveryNextMessage() {
        return cursor.canRecoveryNextMessage();
    }

    @Override
    public boolean isDuplicate(MessageId message) {
        return cursor.isDuplicate(message);
    }
}
