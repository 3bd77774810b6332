package activemq.cluster;

import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.fusesource.hawtbuf.Buffer;
import org.iq80.leveldb.WriteBatch;
import scala.Function1;
import scala.Tuple2;
import scala.collection.JavaConversions;
import scala.collection.Seq;
import scala.runtime.AbstractFunction0;
import scala.runtime.AbstractFunction1;
import scala.runtime.AbstractFunction2;
import scala.runtime.BoxedUnit;

/**
 * Messages of a topic that all durable subscribers have acknowledged.
 *
 * <p>The original takes them out of the master's index and writes no record of it (LevelDBClient.gc, line 1640). The index of every other
 * member keeps them for ever. When it becomes the master, it takes each one away from the count of a log file that is still there,
 * because their own was deleted.
 */
final class ReadMessages {
    /** In one unit of work: what a member may have to read again. */
    private static final int AT_ONCE = 1000;

    private ReadMessages() {}

    /**
     * Removes them with the record that other members' replay knows, that of a message which was received from a queue.
     *
     * @param topics numbers of topics, each with that of its first message which somebody still has to read
     */
    static void remove(LevelDBClient index, Seq<Tuple2<Object, Object>> topics) {
        for (Tuple2<Object, Object> topic : JavaConversions.seqAsJavaList(topics)) {
            List<EntryRecord.Buffer> read;
            do {
                read = some(index, (Long) topic._1(), (Long) topic._2());
                remove(index, read);
            } while (read.size() == AT_ONCE);
        }
    }

    /** The next ones, as records of their removal. */
    private static List<EntryRecord.Buffer> some(LevelDBClient index, long topic, long first) {
        List<EntryRecord.Buffer> read = new ArrayList<>();
        Buffer from = LevelDBClient.encodeLong(0);
        index.collectionCursor(topic, from, LevelDBClient.encodeLong(first), new AbstractFunction2<Buffer, EntryRecord.Buffer, Object>() {
            @Override
            public Object apply(Buffer number, EntryRecord.Buffer entry) {
                EntryRecord.Bean removed = new EntryRecord.Bean();
                removed.setCollectionKey(topic);
                removed.setEntryKey(new Buffer(number.toByteArray()));
                removed.setValueLocation(entry.getValueLocation());
                read.add(removed.freeze());
                return read.size() < AT_ONCE;
            }
        });
        return read;
    }

    private static void remove(LevelDBClient index, List<EntryRecord.Buffer> read) {
        if (read.isEmpty()) {
            return;
        }
        index.might_fail_using_index(new AbstractFunction0<BoxedUnit>() {
            @Override
            public BoxedUnit apply() {
                return index.log().appender(write(index, read));
            }
        });
    }

    private static Function1<RecordLog.LogAppender, BoxedUnit> write(LevelDBClient index, List<EntryRecord.Buffer> read) {
        return new AbstractFunction1<RecordLog.LogAppender, BoxedUnit>() {
            @Override
            public BoxedUnit apply(RecordLog.LogAppender log) {
                WriteBatch batch = index.index().db().createWriteBatch();
                for (EntryRecord.Buffer entry : read) {
                    log.append(LevelDBClient.LOG_REMOVE_ENTRY(), LevelDBClient.encodeEntryRecord(entry));
                    batch.delete(LevelDBClient.encodeEntryKey(LevelDBClient.ENTRY_PREFIX(), entry.getCollectionKey(), entry.getEntryKey()));
                    index.org$apache$activemq$leveldb$LevelDBClient$$logRefDecrement(entry.getValueLocation());
                    index.org$apache$activemq$leveldb$LevelDBClient$$collectionDecrementSize(entry.getCollectionKey());
                }
                index.index().db().write(batch);
                return BoxedUnit.UNIT;
            }
        };
    }
}
