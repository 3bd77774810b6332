package activemq.cluster;

import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.leveldb.record.CollectionKey;
import org.fusesource.hawtbuf.Buffer;
import scala.Option;
import scala.Some;
import scala.Tuple3;

/**
 * A log as an index replays it, with records of removed collections that replay can read.
 *
 * <p>A collection is a queue, a topic, a durable subscription or an XA transaction. The original writes the number of a removed or
 * purged one as a variable-length integer (LevelDBClient.removeCollection, line 1187, and collectionEmpty, line 1221) and reads it back
 * as a protobuf record (replay_from, line 755). For seven of eight numbers that throws, and replay stops there: a slave's index stands
 * still, and a new master serves without what came later. For the eighth it reads a record without a number, and the collection stays.
 * The log's format is left alone, so that logs written before are readable too.
 */
@SuppressWarnings("serial") // Scala makes every case class serializable; nobody does it
final class ReplayedLog extends RecordLog {
    private final LevelDBClient index;
    private final RecordLog log;

    /** Opens nothing: every read is one of {@code log}. */
    ReplayedLog(LevelDBClient index, RecordLog log) {
        super(log.directory(), log.logSuffix());
        this.index = index;
        this.log = log;
    }

    @Override
    public Option<LogInfo> log_info(long position) {
        return log.log_info(position);
    }

    @Override
    public Option<Tuple3<Object, Buffer, Object>> read(long position) {
        return readable(index, ReplayEnd.found(log, position, log.read(position)));
    }

    /** Gives the record of a removed collection the form that replay expects; others go to {@link PreparedReceive}. */
    static Option<Tuple3<Object, Buffer, Object>> readable(LevelDBClient index, Tuple3<Object, Buffer, Object> record) {
        if ((Byte) record._1() != LevelDBClient.LOG_REMOVE_COLLECTION()) {
            return PreparedReceive.replayed(index, record);
        }
        long collection = LevelDBClient.decodeVLong(record._2().toByteArray());
        DurablePlace.forget(index, collection);
        // The original takes the record's own bytes for the key to delete (line 769), so that the collection would be listed for ever.
        // In the unit's batch, because the record of a purge is followed by one that adds the collection again.
        index.replay_write_batch().delete(LevelDBClient.encodeLongKey(LevelDBClient.COLLECTION_PREFIX(), collection));
        CollectionKey.Buffer key = new CollectionKey.Bean().setKey(collection).freeze();
        return new Some<>(new Tuple3<>(record._1(), new Buffer(LevelDBClient.encodeCollectionKeyRecord(key)), record._3()));
    }
}
