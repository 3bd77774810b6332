package activemq.cluster;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.activemq.leveldb.DelayableUOW;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.QueueEntryRecord;
import org.iq80.leveldb.ReadOptions;
import scala.collection.JavaConversions;
import scala.collection.mutable.ListBuffer;

/**
 * Acknowledgments of messages that went with their queue, because somebody removed or purged it while consumers had them.
 *
 * <p>The original counts such a message down a second time, in its log file and in its queue, and writes a record that lets every other
 * member do the same (LevelDBClient.write_uows, line 1449).
 */
final class LateAcknowledgments {
    /** Collections that were removed or purged since the store was opened. Numbers of removed ones may be given again. */
    private final Set<Long> emptied = new HashSet<>();

    /** As everything here: called by the thread that writes. */
    void emptied(long collection) {
        emptied.add(collection);
    }

    /** Takes them out of what is about to be written. */
    void drop(LevelDBClient index, DelayableUOW[] units) {
        if (emptied.isEmpty()) {
            return;
        }
        Set<List<Long>> written = new HashSet<>();
        for (DelayableUOW unit : units) {
            for (DelayableUOW.MessageAction action : JavaConversions.mapAsJavaMap(unit.actions()).values()) {
                action.dequeues_$eq(known(index, written, action.dequeues()));
                for (QueueEntryRecord entry : JavaConversions.seqAsJavaList(action.enqueues())) {
                    if (emptied.contains(entry.queueKey())) {
                        written.add(number(entry));
                    }
                }
            }
        }
    }

    /** @param written what comes into the index with the same write, and is not there yet */
    private ListBuffer<QueueEntryRecord> known(LevelDBClient index, Set<List<Long>> written, ListBuffer<QueueEntryRecord> entries) {
        ListBuffer<QueueEntryRecord> known = new ListBuffer<>();
        for (QueueEntryRecord entry : JavaConversions.seqAsJavaList(entries)) {
            if (!emptied.contains(entry.queueKey()) || written.contains(number(entry)) || isIn(index, entry)) {
                known.$plus$eq(entry);
            }
        }
        return known;
    }

    private static List<Long> number(QueueEntryRecord entry) {
        return List.of(entry.queueKey(), entry.queueSeq());
    }

    private static boolean isIn(LevelDBClient index, QueueEntryRecord entry) {
        byte[] key = LevelDBClient.encodeEntryKey(LevelDBClient.ENTRY_PREFIX(), entry.queueKey(), entry.queueSeq());
        return !index.index().get(key, new ReadOptions()).isEmpty();
    }
}
