package activemq.cluster;

import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.store.MessageRecoveryListener;

/** Tells messages the number of their row, which the product writes where the broker may write another one. */
final class Numbered implements MessageRecoveryListener {
    private final MessageRecoveryListener listener;

    Numbered(MessageRecoveryListener listener) {
        this.listener = listener;
    }

    @Override
    public boolean recoverMessage(Message message) throws Exception {
        message.getMessageId().setEntryLocator(message.getMessageId().getBrokerSequenceId());
        return listener.recoverMessage(message);
    }

    @Override
    public boolean recoverMessageReference(MessageId message) throws Exception {
        return listener.recoverMessageReference(message);
    }

    @Override
    public boolean hasSpace() {
        return listener.hasSpace();
    }

    @Override
    public boolean isDuplicate(MessageId message) {
        return listener.isDuplicate(message);
    }
}
