package activemq.cluster;

import java.io.IOException;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.Message;
import org.apache.activemq.leveldb.CountDownFuture;
import org.apache.activemq.leveldb.DataLocator;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.apache.activemq.store.ListenableFuture;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.store.ProxyMessageStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A queue that answers a send whose message it has since before this master: see {@link SendsInDoubt}. */
final class SentOnce extends ProxyMessageStore {
    private static final Logger LOG = LoggerFactory.getLogger(SentOnce.class);

    private final LevelDBStore store;
    private final MasterIndex index;
    private final long queue;

    private SentOnce(MessageStore messages, LevelDBStore store, long queue) {
        super(messages);
        this.store = store;
        this.index = (MasterIndex) store.client();
        this.queue = queue;
    }

    /** @param store the master that the queue is in */
    static MessageStore of(MessageStore queue, LevelDBStore store) {
        long key = ((LevelDBStore.LevelDBMessageStore) queue).key();
        return new SentOnce(queue, store, key);
    }

    @Override
    public void addMessage(ConnectionContext context, Message message) throws IOException {
        if (!isHere(message)) {
            super.addMessage(context, message);
        }
    }

    @Override
    public void addMessage(ConnectionContext context, Message message, boolean mayWait) throws IOException {
        if (!isHere(message)) {
            super.addMessage(context, message, mayWait);
        }
    }

    @Override
    public ListenableFuture<Object> asyncAddQueueMessage(ConnectionContext context, Message message) throws IOException {
        return isHere(message) ? stored() : super.asyncAddQueueMessage(context, message);
    }

    @Override
    public ListenableFuture<Object> asyncAddQueueMessage(ConnectionContext context, Message message, boolean mayWait) throws IOException {
        return isHere(message) ? stored() : super.asyncAddQueueMessage(context, message, mayWait);
    }

    /**
     * Nothing of a transaction: the client is told that one in doubt was rolled back. And no message that has crossed a bridge: it may
     * come back to a queue that is about to remove it.
     */
    private boolean isHere(Message message) {
        if (message.getTransactionId() != null || message.getBrokerPath() != null) {
            return false;
        }
        EntryRecord.Buffer entry = index.sendsInDoubt().waiting(message.getMessageId(), queue);
        if (entry == null) {
            return false;
        }
        // A dead letter shares this with the message that the broker is about to remove, and has emptied it (BrokerSupport, line 59). The
        // store would fail at the removal, and end master after master.
        message.getMessageId().setDataLocator(new DataLocator(store, entry.getValueLocation(), entry.getValueLength()));
        PendingSends.end(message);
        LOG.info("{} has {} already: its producer has sent it again", getDestination().getQualifiedName(), message.getMessageId());
        return true;
    }

    private static ListenableFuture<Object> stored() {
        CountDownFuture<Object> stored = new CountDownFuture<>();
        stored.set(null);
        return stored;
    }
}
