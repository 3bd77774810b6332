package activemq.cluster;

import java.io.IOException;
import java.util.zip.CRC32;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.RecordLog;
import org.fusesource.hawtbuf.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple3;

/**
 * A slave's index, whose snapshots are named by the position up to which they know the log.
 *
 * <p>A master replays the log from the position in its snapshot's name. A name that is too high hides from it, and from every slave
 * that later downloads its index, all messages in between: they stay in the log and are never delivered. The original names them
 * too high in two ways:
 *
 * <ul>
 *   <li>SlaveLevelDBStore.transfer_missing (line 443) stores the index it downloaded, which is of the master's last snapshot, under
 *       the position of the master's newest write. The next graceful stop replaces it by a true one, but only if something was
 *       written meanwhile (LevelDBClient.copyDirtyIndexToSnapshot, line 1074), and a killed process never does. The master takes
 *       snapshots when it starts, stops or fills a log file, so up to 100 MiB were lost.
 *   <li>LevelDBClient.replay_from (line 806) puts changes into the index at the end of a unit of work, while the snapshot is named
 *       by the last record that was read (SlaveLevelDBStore, line 70). The master waits for its slaves before it writes that end
 *       (RecordLog.appender, line 578), so a slave that stops is often just before it. Up to one unit of work was lost.
 * </ul>
 */
final class SlaveIndex extends LevelDBClient {
    private static final Logger LOG = LoggerFactory.getLogger(SlaveIndex.class);
    private static final int HEADER_BYTES = RecordLog.LOG_HEADER_SIZE();
    /** A header and the position of the unit's first record. */
    private static final int END_BYTES = HEADER_BYTES + 8;

    private final SlaveStore store;
    /** What is before this position is in the index, nothing of what is after it. */
    private volatile long indexedTo;

    SlaveIndex(SlaveStore store) {
        super(store);
        this.store = store;
    }

    /** Opens the store, also after a full disk: see {@link StoreVersion}. */
    @Override
    public void init() {
        StoreVersion.mend(directory());
        super.init();
    }

    /** Up to where the index knows the log. */
    long indexedTo() {
        return indexedTo;
    }

    /** The next index to be opened is the master's snapshot at this position. */
    void downloading(long snapshotPosition) {
        indexedTo = snapshotPosition;
    }

    @Override
    public void post_log_rotate() {
        // As the original: not before it has caught up.
        if (store.caughtUp()) {
            writeExecutor().execute(() -> snapshotIndex(false));
        }
    }

    @Override
    public long nextIndexSnapshotPos() {
        return indexedTo;
    }

    @Override
    public void copyDirtyIndexToSnapshot(long walPosition) {
        if (walPosition != indexedTo) {
            LOG.debug("Naming the index snapshot by what is in it, {}, not {}", indexedTo, walPosition);
        }
        super.copyDirtyIndexToSnapshot(indexedTo);
    }

    /** Remembers the highest key, not the last one: see {@link HighestKey}. The name is what Scala makes of a private method. */
    @Override
    public void org$apache$activemq$leveldb$LevelDBClient$$collectionIncrementSize(long collection, byte[] key) {
        byte[] before = HighestKey.of(this, collection);
        super.org$apache$activemq$leveldb$LevelDBClient$$collectionIncrementSize(collection, key);
        HighestKey.keep(this, collection, before);
    }

    /** Replays up to the end of a unit of work; what comes after it waits for the rest of its unit. */
    @Override
    public void replay_from(long from, long limit, boolean printProgress) {
        if (limit > indexedTo && isEndOfUnit(limit)) {
            LogFiles.addNewer(this, log());
            super.replay_from(indexedTo, limit, printProgress);
            IOException failure = ReplayEnd.failure(this, limit);
            if (failure == null) {
                indexedTo = limit;
            } else {
                store.cannotReplay(failure);
            }
        }
    }

    private boolean isEndOfUnit(long position) {
        byte[] record;
        try {
            // This read skips a header's length. There is always a record before the end of a unit.
            Option<Buffer> bytes = log().read(position - END_BYTES - HEADER_BYTES, END_BYTES);
            if (bytes.isEmpty()) {
                return false;
            }
            record = bytes.get().toByteArray();
        } catch (Exception e) { // Scala declares none: an EOFException when the bytes have not come yet
            LOG.debug("cannot read the log before {}", position, e);
            return false;
        }
        Buffer end = new Buffer(record);
        CRC32 checksum = new CRC32();
        checksum.update(record, HEADER_BYTES, END_BYTES - HEADER_BYTES);
        var header = end.bigEndianEditor();
        return header.readByte() == RecordLog.LOG_HEADER_PREFIX()
                && header.readByte() == RecordLog.UOW_END_RECORD()
                && header.readInt() == (int) checksum.getValue()
                && header.readInt() == END_BYTES - HEADER_BYTES;
    }

    /**
     * Deletes log files in turn with everything else that changes the index, and reads records as {@link ReplayedLog} does.
     *
     * <p>The original deletes at once (SlaveLevelDBStore, line 237), possibly before it has the snapshot that makes the file needless. A
     * file that replay from the snapshot needs is kept, in case the snapshot could not be written; the next master deletes it.
     */
    @Override
    public RecordLog createLog() {
        return new RecordLog(logDirectory(), LOG_SUFFIX()) {
            /** Called by replay alone. */
            @Override
            public Option<Tuple3<Object, Buffer, Object>> read(long position) {
                return ReplayedLog.readable(SlaveIndex.this, ReplayEnd.found(this, position, super.read(position)));
            }

            @Override
            public void delete(long id) {
                writeExecutor().execute(() -> {
                    Option<LogInfo> replayedFirst = log_info(lastIndexSnapshotPos());
                    if (replayedFirst.isEmpty() || id < replayedFirst.get().position()) {
                        super.delete(id);
                    }
                });
            }
        };
    }
}
