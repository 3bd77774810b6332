package activemq.cluster;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.store.ProxyTopicMessageStore;
import org.apache.activemq.store.TopicMessageStore;

/**
 * A topic of KahaDB that tells a second copy of a message from the first one ({@link DuplicateAck}).
 *
 * <p>KahaDB has a message once: it rejects a second copy while the first one is left to anybody, and takes it for a new message
 * afterwards (MessageDatabase.updateIndex, 6.3.1). So the acknowledgment of a copy that was rejected, or of what a cursor has read and the
 * subscriber has not acknowledged, would be that of the first one.
 */
final class FileTopic extends ProxyTopicMessageStore {
    /** More than a cursor and its subscriber have, of some 100 bytes each. */
    private static final int REMEMBERED = 1000;
    private static final long REJECTED = -1;

    /** What each subscription's cursor has read and the subscriber has not acknowledged. */
    private final Map<String, Set<MessageId>> read = new ConcurrentHashMap<>();

    FileTopic(TopicMessageStore store) {
        super(store);
    }

    @Override
    public void acknowledge(ConnectionContext context, String client, String name, MessageId message, MessageAck ack) throws IOException {
        Set<MessageId> held = held(client, name);
        if (!DuplicateAck.is(ack) || !isRejected(message) && !held.contains(message)) {
            super.acknowledge(context, client, name, message, ack);
            // A transaction may be rolled back.
            if (!ack.isInTransaction()) {
                held.remove(message);
            }
        }
    }

    private static boolean isRejected(MessageId message) {
        return message.getFutureOrSequenceLong() instanceof Long number && number == REJECTED;
    }

    @Override
    public void recoverNextMessages(String client, String name, int most, MessageRecoveryListener cursor) throws Exception {
        super.recoverNextMessages(client, name, most, new Taken(cursor, held(client, name)));
    }

    @Override
    public void deleteSubscription(String client, String name) throws IOException {
        super.deleteSubscription(client, name);
        read.remove(key(client, name));
    }

    private Set<MessageId> held(String client, String name) {
        return read.computeIfAbsent(key(client, name), one -> Collections.synchronizedSet(Collections.newSetFromMap(recent())));
    }

    private static String key(String client, String name) {
        return client.length() + ":" + client + name;
    }

    private static Map<MessageId, Boolean> recent() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<MessageId, Boolean> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    /** Notes what a cursor takes. */
    private static final class Taken implements MessageRecoveryListener {
        private final MessageRecoveryListener cursor;
        private final Set<MessageId> held;

        Taken(MessageRecoveryListener cursor, Set<MessageId> held) {
            this.cursor = cursor;
            this.held = held;
        }

        @Override
        public boolean recoverMessage(Message message) throws Exception {
            boolean taken = cursor.recoverMessage(message);
            if (taken) {
                MessageId id = message.getMessageId();
                // Its own, as the message's holds the message.
                held.add(new MessageId(id.getProducerId(), id.getProducerSequenceId()));
            }
            return taken;
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
}
