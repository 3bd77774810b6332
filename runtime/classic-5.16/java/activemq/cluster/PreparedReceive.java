package activemq.cluster;

import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.fusesource.hawtbuf.Buffer;
import org.fusesource.hawtbuf.DataByteArrayInputStream;
import org.iq80.leveldb.ReadOptions;
import org.iq80.leveldb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function2;
import scala.Some;
import scala.Tuple3;
import scala.runtime.AbstractFunction2;

/**
 * A receive in a prepared XA transaction, as log and index hold it: an entry of the transaction that carries its acknowledgement
 * instead of the place of a message.
 *
 * <p>The original writes it with the acknowledgement (LevelDBClient.write_uows, line 1545), and its replay (replay_from, line 775)
 * keeps the place alone, which is not there and reads as 0 with length 0. Every master that starts with such an index takes it for a
 * message, finds no bytes and fails (EOFException in transactionCursor, line 1301), so the group has no master again. Replay also
 * counts a message of the log's first file for it. XA is refused now ({@link XaRefusal}); logs written before have such records.
 */
final class PreparedReceive {
    private static final Logger LOG = LoggerFactory.getLogger(PreparedReceive.class);
    /** No record has this kind; replay passes over it. */
    private static final byte PASSED_OVER = 0;

    private static final long NO_SUBSCRIPTION = -1;

    private PreparedReceive() {}

    /** Puts it into the index as it was written, in the unit's batch; leaves every other record to the original. */
    static Some<Tuple3<Object, Buffer, Object>> replayed(LevelDBClient index, Tuple3<Object, Buffer, Object> record) {
        if ((Byte) record._1() != LevelDBClient.LOG_ADD_ENTRY()) {
            return new Some<>(record);
        }
        EntryRecord.Buffer entry = LevelDBClient.decodeEntryRecord(record._2());
        if (!entry.hasMeta() || entry.hasValueLocation()) {
            return new Some<>(record);
        }
        byte[] key = LevelDBClient.encodeEntryKey(LevelDBClient.ENTRY_PREFIX(), entry.getCollectionKey(), entry.getEntryKey());
        index.replay_write_batch().put(key, record._2().toByteArray());
        return new Some<>(new Tuple3<>(PASSED_OVER, record._2(), record._3()));
    }

    /**
     * Passes over entries of a transaction that must not be read.
     *
     * <p>One that a replay by the original left: the acknowledgement is not known any more, so the message stays in its queue and is
     * delivered again. The entry is removed, because the end of the transaction would take a reference from the log's first file for it.
     *
     * <p>One whose message is gone, because a master died between the two steps of a commit: a second commit would take a reference from
     * the message's log file again, and the file could be deleted while others need it.
     */
    static AbstractFunction2<Buffer, EntryRecord.Buffer, Object> readable(
            LevelDBClient index, long collection, Function2<Buffer, EntryRecord.Buffer, Object> reader) {
        return new AbstractFunction2<>() {
            @Override
            public Object apply(Buffer key, EntryRecord.Buffer entry) {
                if (!entry.hasMeta() && entry.getValueLength() == 0) {
                    LOG.warn("A receive of the prepared XA transaction {} is not known any more; its message stays", collection);
                    index.index().delete(LevelDBClient.encodeEntryKey(LevelDBClient.ENTRY_PREFIX(), collection, key), new WriteOptions());
                    return true;
                }
                if (entry.hasMeta() && isDone(index, entry.getMeta())) {
                    LOG.warn("A receive of the prepared XA transaction {} was committed already", collection);
                    return true;
                }
                return reader.apply(key, entry);
            }
        };
    }

    /** Whether a queue does not have the message any more that was received; the form is that of LevelDBClient.write_uows, line 1536. */
    private static boolean isDone(LevelDBClient index, Buffer received) {
        DataByteArrayInputStream in = new DataByteArrayInputStream(received);
        in.readLong();
        in.readInt();
        byte[] key = LevelDBClient.encodeEntryKey(LevelDBClient.ENTRY_PREFIX(), in.readLong(), in.readLong());
        boolean ofQueue = in.readLong() == NO_SUBSCRIPTION;
        return ofQueue && index.index().get(key, new ReadOptions()).isEmpty();
    }
}
