package activemq.cluster;

import java.io.EOFException;
import org.apache.activemq.command.Message;
import org.apache.activemq.leveldb.DataLocator;
import org.apache.activemq.leveldb.EntryLocator;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.fusesource.hawtbuf.Buffer;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function1;
import scala.Function2;
import scala.Option;
import scala.runtime.AbstractFunction2;

/**
 * Messages that the index knows and the log does not give.
 *
 * <p>The original hands the failed read to the broker, which ends (LevelDBClient.queueCursor, line 1270, in might_fail). The next master
 * reads the same entry 30 s later, at its check for expired messages, and ends too.
 */
final class LostMessages {
    private static final Logger LOG = LoggerFactory.getLogger(LostMessages.class);

    private LostMessages() {}

    /** As the original reads a queue, but goes on behind such a message, after it has taken it out of this member's index. */
    static void cursor(LevelDBClient index, LevelDBStore store, long queue, long from, long to, Function1<Message, Object> reader) {
        Function2<Buffer, EntryRecord.Buffer, Object> entries = new AbstractFunction2<>() {
            @Override
            public Object apply(Buffer key, EntryRecord.Buffer entry) {
                long number = LevelDBClient.decodeLong(key);
                DataLocator where = new DataLocator(store, entry.getValueLocation(), entry.getValueLength());
                Message message = message(index, queue, number, where);
                if (message == null) {
                    return true;
                }
                message.getMessageId().setEntryLocator(new EntryLocator(queue, number));
                message.getMessageId().setDataLocator(where);
                message.setRedeliveryCounter(index.decodeQueueEntryMeta(entry));
                return reader.apply(message);
            }
        };
        index.collectionCursor(queue, LevelDBClient.encodeLong(from), LevelDBClient.encodeLong(to), entries);
    }

    /** Null when there is none. Other failures, of a store that is being closed for example, are the caller's. */
    private static Message message(LevelDBClient index, long queue, long number, DataLocator where) {
        Option<Buffer> bytes = Option.empty();
        Exception why = null;
        try {
            bytes = index.log().read(where.pos(), where.len());
        } catch (Exception e) { // Scala declares none
            if (!(e instanceof EOFException)) {
                throw e;
            }
            why = e;
        }
        if (!bytes.isEmpty()) {
            try {
                return index.decodeMessage(bytes.get());
            } catch (Exception e) { // Whatever damaged bytes lead to
                why = e;
            }
        }
        Exception reason = why;
        index.writeExecutor().execute(() -> setAside(index, queue, number, where, reason));
        return null;
    }

    /** Once, however many readers found it. The queue counts it until the next master has counted anew. */
    private static void setAside(LevelDBClient index, long queue, long number, DataLocator where, Exception reason) {
        byte[] key = LevelDBClient.encodeEntryKey(LevelDBClient.ENTRY_PREFIX(), queue, number);
        if (!index.index().get(key, new ReadOptions()).isEmpty()) {
            index.index().delete(key, new WriteOptions());
            index.org$apache$activemq$leveldb$LevelDBClient$$collectionDecrementSize(queue);
            LOG.error("Set aside message {} of collection {}: the log does not give it, {}", number, queue, where, reason);
        }
    }
}
