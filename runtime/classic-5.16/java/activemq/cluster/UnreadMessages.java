package activemq.cluster;

import org.apache.activemq.broker.region.Subscription;
import org.apache.activemq.broker.region.cursors.AbstractStoreCursor;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.filter.MessageEvaluationContext;
import org.apache.activemq.filter.NonCachedMessageEvaluationContext;
import org.apache.activemq.store.MessageRecoveryListener;

/** Hands a durable subscription's cursor what the subscriber still has to acknowledge, and notes what the cursor never will. */
final class UnreadMessages implements MessageRecoveryListener {
    private final MessageRecoveryListener cursor;
    private final Acknowledged acknowledged;
    private final StoredCopies copies;
    private final long end;
    private boolean ended;

    /** @param end the first number that is not to be read yet, nor one behind it */
    UnreadMessages(MessageRecoveryListener cursor, Acknowledged acknowledged, StoredCopies copies, long end) {
        this.cursor = cursor;
        this.acknowledged = acknowledged;
        this.copies = copies;
        this.end = end;
    }

    @Override
    public boolean recoverMessage(Message message) throws Exception {
        long number = TopicStore.number(message);
        ended |= number >= end;
        if (ended || acknowledged.has(number)) {
            return false;
        }
        copies.met(message.getMessageId(), number);
        if (cursor.recoverMessage(message)) {
            return true;
        }
        if (isUnwanted(message) || isCopy(number)) {
            acknowledged.add(number);
        }
        return false;
    }

    /** By the selector, or as the subscriber's own: the broker acknowledges no such message that it reads from the store. */
    private boolean isUnwanted(Message message) throws Exception {
        Subscription subscription = cursor instanceof AbstractStoreCursor store ? store.getSubscription() : null;
        MessageEvaluationContext context = new NonCachedMessageEvaluationContext();
        context.setMessageReference(message);
        return subscription != null && !subscription.matches(message, context);
    }

    /** The cursor has got the first copy, and so refuses this one. */
    private boolean isCopy(long number) {
        Long first = copies.firstOf(number);
        return first != null && acknowledged.wasDue(first);
    }

    @Override
    public boolean recoverMessageReference(MessageId message) throws Exception {
        return cursor.recoverMessageReference(message);
    }

    @Override
    public boolean hasSpace() {
        return !ended && cursor.hasSpace();
    }

    @Override
    public boolean canRecoveryNextMessage() {
        return !ended && cursor.canRecoveryNextMessage();
    }

    @Override
    public boolean isDuplicate(MessageId message) {
        return cursor.isDuplicate(message);
    }
}
