package activemq.cluster;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.leveldb.record.EntryRecord;
import org.fusesource.hawtbuf.Buffer;
import org.iq80.leveldb.ReadOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple3;

/**
 * The messages at the end of the log, whose producers may send them again: the former master ended before it could answer.
 *
 * <p>The original compares numbers of producers instead (maxFailoverProducersToTrack). It also counts messages whose unit of work was cut
 * off, so the second one was dropped although there was no first; we turn that off. Then the queue has the message twice. A consumer gets
 * one; the broker moves the other to the dead letters and counts it as waiting until the next failover (BaseDestination, line 900).
 */
final class SendsInDoubt {
    private static final Logger LOG = LoggerFactory.getLogger(SendsInDoubt.class);
    /** A message of 1 KiB and its entry have some 1.3 KiB: more than any number of producers has under way. */
    private static final long MOST_BYTES = 16 << 20;
    private static final int MOST_MESSAGES = 10_000;
    private static final int END_BYTES = RecordLog.LOG_HEADER_SIZE() + Long.BYTES;

    private final LevelDBClient index;
    /** By which number the queue's entry is found. */
    private final Map<Send, byte[]> entries = new HashMap<>();
    /** Removed or purged further on in the log. Their numbers may be another queue's by now. */
    private final Set<Long> emptied = new HashSet<>();

    private record Send(MessageId message, long queue) {}

    private SendsInDoubt(LevelDBClient index) {
        this.index = index;
    }

    /** Reads the end of a log that was just replayed. Whole units of work only: these are what slaves and masters keep. */
    static SendsInDoubt read(LevelDBClient index, RecordLog log) {
        SendsInDoubt sends = new SendsInDoubt(index);
        long end = log.appender_limit();
        long from = end - MOST_BYTES;
        try {
            while (end > 0 && end > from && sends.entries.size() < MOST_MESSAGES) {
                long begin = beginOfUnit(log, end);
                if (begin < from) {
                    break;
                }
                sends.readUnit(log, begin, end);
                end = begin;
            }
        } catch (Exception e) { // Scala declares none: the log does not begin at 0 when files were deleted
            LOG.debug("no more units of work before {}", end, e);
        }
        LOG.info("{} messages at the end of the log may be sent again", sends.entries.size());
        return sends;
    }

    /** @return where the message is that the queue has and nobody has acknowledged; null when there is none */
    EntryRecord.Buffer waiting(MessageId message, long queue) {
        byte[] entry = entries.get(new Send(message, queue));
        Option<byte[]> found = entry == null ? Option.empty() : index.index().get(entry, new ReadOptions());
        return found.isEmpty() ? null : LevelDBClient.decodeEntryRecord(new Buffer(found.get()));
    }

    /** A unit of work ends with a record that has its begin. */
    private static long beginOfUnit(RecordLog log, long end) {
        Tuple3<Object, Buffer, Object> record = log.read(end - END_BYTES).get();
        long begin = RecordLog.decode_long(record._2());
        if ((Byte) record._1() != RecordLog.UOW_END_RECORD() || begin >= end) {
            throw new IllegalStateException("no unit of work ends at " + end);
        }
        return begin;
    }

    private void readUnit(RecordLog log, long begin, long end) {
        Map<Long, MessageId> messages = new HashMap<>();
        for (long position = begin; position < end; ) {
            Tuple3<Object, Buffer, Object> record = log.read(position).get();
            byte kind = (Byte) record._1();
            if (kind == LevelDBClient.LOG_DATA()) {
                messages.put(position, index.decodeMessage(record._2()).getMessageId());
            } else if (kind == LevelDBClient.LOG_ADD_ENTRY()) {
                EntryRecord.Buffer entry = LevelDBClient.decodeEntryRecord(record._2());
                MessageId message = messages.get(entry.getValueLocation());
                long queue = entry.getCollectionKey();
                if (message != null && !emptied.contains(queue)) {
                    byte[] key = LevelDBClient.encodeEntryKey(LevelDBClient.ENTRY_PREFIX(), queue, entry.getEntryKey());
                    entries.put(new Send(message, queue), key);
                }
            } else if (kind == LevelDBClient.LOG_REMOVE_COLLECTION()) {
                emptied.add(LevelDBClient.decodeVLong(record._2().toByteArray()));
            }
            position = (Long) record._3();
        }
    }
}
