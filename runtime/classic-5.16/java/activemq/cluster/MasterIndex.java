package activemq.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.activemq.command.Message;
import org.apache.activemq.leveldb.DelayableUOW;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.apache.activemq.leveldb.replicated.MasterLevelDBClient;
import org.apache.activemq.leveldb.replicated.dto.FileInfo;
import org.apache.activemq.leveldb.replicated.dto.SyncResponse;
import org.fusesource.hawtbuf.Buffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function0;
import scala.Function1;
import scala.Function2;
import scala.Tuple2;
import scala.collection.Seq;
import scala.runtime.AbstractFunction0;
import scala.runtime.BoxedUnit;

/** A master's index and log, which acknowledges what its slaves will keep, and offers them snapshots that exist. */
final class MasterIndex extends MasterLevelDBClient {
    private static final Logger LOG = LoggerFactory.getLogger(MasterIndex.class);

    private final MasterStore store;
    /** The index has messages that never became a whole unit of work in the log. */
    private boolean aheadOfLog;
    private boolean readsTransaction;
    /** What a thread that replays, or collects unused files, takes for the log; null for every other one. */
    private final ThreadLocal<RecordLog> replayed = new ThreadLocal<>();

    private volatile SendsInDoubt sendsInDoubt;
    private final LateAcknowledgments late = new LateAcknowledgments();
    private final Pace counting = new Pace(System::nanoTime);

    MasterIndex(MasterStore store) {
        super(store);
        this.store = store;
    }

    /** Opens the store, also after a full disk: see {@link StoreVersion}. */
    @Override
    public void init() {
        StoreVersion.mend(directory());
        super.init();
    }

    /** Begins with true counts, and without entries that lead nowhere: see {@link IndexAudit}. */
    @Override
    public void start() {
        super.start();
        IndexAudit audit = IndexAudit.of(this, log());
        MissingMessages.check(directory(), audit.missing(), store.minSlaveAcks() > 0);
        audit.correct();
        sendsInDoubt = SendsInDoubt.read(this, log());
    }

    /** Of the former master. */
    SendsInDoubt sendsInDoubt() {
        return sendsInDoubt;
    }

    /** See {@link ReplayedLog}. The original's own log replicates what is written, in a class that cannot be extended. */
    @Override
    public void replay_from(long from, long limit, boolean printProgress) {
        LogFiles.addNewer(this, log());
        replayed.set(new ReplayedLog(this, log()));
        try {
            super.replay_from(from, limit, printProgress);
        } finally {
            replayed.remove();
        }
        IOException failure = ReplayEnd.failure(this, limit);
        if (failure != null) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Fails at once while the store is opened; {@link MasterStore} ends the process then.
     *
     * <p>The original hands it to the broker and waits until the broker stops (LevelDBClient.might_fail, line 538). The product's own
     * handler ignores it there, so the member stays elected for ever without serving.
     */
    @Override
    public <T> T might_fail(Function0<T> step) {
        return store.opened() ? super.might_fail(step) : step.apply();
    }

    /** Leaves out what must not be read of a prepared transaction: see {@link PreparedReceive}. By one thread, while the store is opened. */
    @Override
    public void transactionCursor(long collection, Function1<Object, Object> reader) {
        readsTransaction = true;
        try {
            super.transactionCursor(collection, reader);
        } finally {
            readsTransaction = false;
        }
    }

    @Override
    public void collectionCursor(long collection, Buffer from, Buffer to, Function2<Buffer, EntryRecord.Buffer, Object> reader) {
        super.collectionCursor(
                collection, from, to, readsTransaction ? PreparedReceive.readable(this, collection, reader) : reader);
    }

    @Override
    public RecordLog log() {
        RecordLog log = replayed.get();
        return log == null ? super.log() : log;
    }

    /**
     * Waits until the end of the unit of work is replicated too.
     *
     * <p>The original waits for the messages, writes the end afterwards (RecordLog.appender, line 578) and acknowledges without
     * waiting for that; a slave that is promoted without it cuts the messages off (RecordLog.open, line 533).
     */
    @Override
    public void store(DelayableUOW[] units) {
        late.drop(this, units);
        boolean stored = false;
        try {
            super.store(units);
            stored = true;
        } finally {
            aheadOfLog |= !stored;
        }
        if (sync() && Arrays.stream(units).anyMatch(DelayableUOW::syncNeeded)) {
            might_fail(new AbstractFunction0<BoxedUnit>() {
                @Override
                public BoxedUnit apply() {
                    store.wal_sync_to(wal_append_position());
                    return BoxedUnit.UNIT;
                }
            });
        }
    }

    /** Remembers the highest key, not the last one: see {@link HighestKey}. The name is what Scala makes of a private method. */
    @Override
    public void org$apache$activemq$leveldb$LevelDBClient$$collectionIncrementSize(long collection, byte[] key) {
        byte[] before = HighestKey.of(this, collection);
        super.org$apache$activemq$leveldb$LevelDBClient$$collectionIncrementSize(collection, key);
        HighestKey.keep(this, collection, before);
    }

    /** Does not take what a durable subscriber has acknowledged for a message: see {@link DurablePlace}. */
    @Override
    public void removeCollection(long collection) {
        DurablePlace.forget(this, collection);
        super.removeCollection(collection);
        late.emptied(collection);
    }

    @Override
    public void collectionEmpty(long collection) {
        super.collectionEmpty(collection);
        late.emptied(collection);
    }

    /** Goes on behind a message that cannot be read: see {@link LostMessages}. */
    @Override
    public void queueCursor(long queue, long from, long to, Function1<Message, Object> reader) {
        LostMessages.cursor(this, store, queue, from, to, reader);
    }

    /**
     * Keeps the last snapshot when the newest unit of work was given up.
     *
     * <p>The original snapshots it (LevelDBClient.stop, line 1015), under a position behind the end that the log is cut to when it is
     * opened next: the index then points at bytes which other messages will take.
     */
    @Override
    public void copyDirtyIndexToSnapshot() {
        if (aheadOfLog) {
            LOG.info("Keeping the index snapshot at {}: the last write was not replicated", lastIndexSnapshotPos());
        } else {
            super.copyDirtyIndexToSnapshot();
        }
    }

    /**
     * Keeps the snapshot that a slave is downloading, and deletes it later.
     *
     * <p>The original (MasterLevelDBClient, line 56) marks the new one for deletion instead. It is gone after the next collection, and
     * the next slave is attached without an index.
     */
    @Override
    public void replaceLatestSnapshotDirectory(long newPosition) {
        if (slave_held_snapshots().contains(lastIndexSnapshotPos())) {
            snapshots_pending_delete().add(lastIndexSnapshotPos());
            lastIndexSnapshotPos_$eq(newPosition);
        } else {
            super.replaceLatestSnapshotDirectory(newPosition);
        }
    }

    /** Deletes no log file that the index points into: see {@link NeededLogs}. */
    @Override
    public void gc(Seq<Tuple2<Object, Object>> topicPositions) {
        ReadMessages.remove(this, topicPositions);
        replayed.set(new NeededLogs(this, log(), counting));
        try {
            super.gc(topicPositions);
        } finally {
            replayed.remove();
        }
        // Deleted by now. The original keeps them listed, and with them every log file since the first.
        snapshots_pending_delete().removeIf(position -> !snapshotIndexFile((Long) position).exists());
    }

    /**
     * Offers a slave what is in the file, not what is in a buffer.
     *
     * <p>The original (MasterLevelDBClient, line 94) names the end of the buffer, which the slave then acknowledges to have, and reads
     * the open file's name while it may change.
     */
    @Override
    public SyncResponse snapshot_state(long snapshotPosition) {
        while (true) {
            RecordLog.LogAppender appender = log().current_appender();
            SyncResponse state = super.snapshot_state(snapshotPosition);
            if (appender == log().current_appender() && state.append_log != null) {
                for (FileInfo file : state.log_files) {
                    if (file.file.equals(state.append_log)) {
                        state.wal_append_position = appender.position() + file.length;
                    }
                }
                return state;
            }
        }
    }
}
