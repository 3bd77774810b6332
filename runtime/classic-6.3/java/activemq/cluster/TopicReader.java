package activemq.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.activemq.broker.region.cursors.AbstractStoreCursor;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.filter.MessageEvaluationContext;
import org.apache.activemq.filter.NonCachedMessageEvaluationContext;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.store.jdbc.JDBCMessageRecoveryListener;
import org.apache.activemq.util.ByteSequence;
import org.apache.activemq.wireformat.WireFormat;

/**
 * Hands a durable subscription's cursor what the subscriber has not acknowledged.
 *
 * <p>The broker acknowledges nothing that the cursor refuses. What the selector refuses counts as acknowledged, or the place would stay
 * before it. What the cursor has had is left: somebody holds it, unless it is a second copy.
 */
final class TopicReader implements JDBCMessageRecoveryListener {
    private final MessageRecoveryListener cursor;
    private final int most;
    private final WireFormat format;
    private SubscriberPlace place;
    private long position;
    private boolean offered;
    private int taken;
    private final List<Long> unwanted = new ArrayList<>();
    private final Map<Long, MessageId> refused = new TreeMap<>();

    TopicReader(MessageRecoveryListener cursor, int most, WireFormat format) {
        this.cursor = cursor;
        this.most = most;
        this.format = format;
    }

    void begin(SubscriberPlace place, long position) {
        this.place = place;
        this.position = position;
        unwanted.clear();
        refused.clear();
    }

    @Override
    public boolean recoverMessage(long number, byte[] data) throws Exception {
        if (isFull()) {
            return false;
        }
        offered = true;
        position = number;
        if (place.has(number)) {
            return false;
        }
        Message message = (Message) format.unmarshal(new ByteSequence(data));
        message.getMessageId().setBrokerSequenceId(number);
        message.getMessageId().setEntryLocator(number);
        if (cursor.recoverMessage(message)) {
            taken++;
            return true;
        }
        if (cursor instanceof AbstractStoreCursor store) {
            MessageEvaluationContext context = new NonCachedMessageEvaluationContext();
            context.setMessageReference(message);
            if (store.getSubscription().matches(message, context)) {
                refused.put(number, message.getMessageId());
            } else {
                unwanted.add(number);
            }
        }
        return false;
    }

    @Override
    public boolean recoverMessageReference(String reference) {
        throw new UnsupportedOperationException("messages are stored with their contents");
    }

    boolean isFull() {
        return taken >= most || !cursor.hasSpace();
    }

    /** @return whether it is worth while to read on: a cursor that gets nothing takes it that there is nothing */
    boolean goesOn() {
        boolean again = offered && taken == 0 && !isFull();
        offered = false;
        return again;
    }

    /** How far it has read. */
    long position() {
        return position;
    }

    List<Long> unwanted() {
        return unwanted;
    }

    /** What the cursor has had, by number. */
    Map<Long, MessageId> refused() {
        return refused;
    }
}
