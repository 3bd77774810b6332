package activemq.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.fusesource.hawtbuf.Buffer;
import org.iq80.leveldb.DBIterator;
import org.iq80.leveldb.ReadOptions;

/** The entries of an index that lead to a message in the log. */
final class IndexEntries {
    private static final int COLLECTION_AT = 1;
    private static final int NUMBER_AT = COLLECTION_AT + Long.BYTES;
    private static final int KEY_BYTES = NUMBER_AT + Long.BYTES;

    private IndexEntries() {}

    /** An entry: of which queue, topic or prepared transaction, its number there, and where the message is. */
    record Entry(byte[] key, long collection, long number, long position, int length) {}

    /** What is told of each entry. */
    interface Reader {
        void read(Entry entry);
    }

    /** Reads all of them. What changes meanwhile may or may not be read. */
    static void forEach(LevelDBClient index, Reader reader) {
        byte prefix = LevelDBClient.ENTRY_PREFIX();
        ReadOptions once = new ReadOptions();
        once.fillCache(false);
        try (DBIterator all = index.index().db().iterator(once)) {
            for (all.seek(new byte[] {prefix}); all.hasNext(); all.next()) {
                byte[] key = all.peekNext().getKey();
                if (key[0] != prefix) {
                    break;
                }
                EntryRecord.Buffer value = LevelDBClient.decodeEntryRecord(new Buffer(all.peekNext().getValue()));
                // What a durable subscriber has acknowledged has a position that is not one in the log, and no length. A prepared
                // acknowledgment has neither; the message is its queue's.
                if (key.length == KEY_BYTES && value.hasValueLocation() && value.hasValueLength()) {
                    long collection = longAt(key, COLLECTION_AT);
                    reader.read(new Entry(key, collection, longAt(key, NUMBER_AT), value.getValueLocation(), value.getValueLength()));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long longAt(byte[] bytes, int offset) {
        return new Buffer(bytes, offset, Long.BYTES).bigEndianEditor().readLong();
    }
}
