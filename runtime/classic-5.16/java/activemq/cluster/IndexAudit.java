package activemq.cluster;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBClient.CollectionMeta;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.leveldb.record.CollectionRecord;
import org.apache.activemq.leveldb.util.LongCounter;
import org.iq80.leveldb.WriteBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;
import scala.collection.JavaConversions;
import scala.runtime.AbstractFunction0;

/**
 * Makes a master's index agree with itself and with its log, before it serves.
 *
 * <p>Counts that were kept wrongly come from the entries. An entry that leads to no message is set aside: left where it is, it ends
 * master after master, at the check for expired messages or when a consumer comes. Its message is in no log file that this member has.
 */
final class IndexAudit {
    private static final Logger LOG = LoggerFactory.getLogger(IndexAudit.class);
    /** Of UowManagerConstants, which Java cannot reach. */
    private static final int QUEUE = 1;
    private static final int TOPIC = 2;

    private final LevelDBClient index;
    private final LogFiles files;
    private final WriteBatch gone;
    private final Map<Long, LongCounter> references = new HashMap<>();
    private final Map<Long, Found> collections = new HashMap<>();
    private long withoutFile;

    /** What was found of a queue, topic or transaction. */
    private static final class Found {
        /** Null: removed. */
        private final CollectionRecord.Buffer collection;
        private long messages;
        private long highest;
        private long lost;
        private IndexEntries.Entry firstLost;
        private IndexEntries.Entry lastLost;

        Found(CollectionRecord.Buffer collection) {
            this.collection = collection;
        }

        void lost(IndexEntries.Entry entry) {
            lost++;
            firstLost = firstLost == null ? entry : firstLost;
            lastLost = entry;
        }

        /** The record of a queue or topic has its name in clear. */
        boolean named() {
            return collection != null && (collection.getType() == QUEUE || collection.getType() == TOPIC);
        }

        @Override
        public String toString() {
            if (named()) {
                return collection.getMeta().utf8().toString();
            }
            return collection == null ? "a removed queue or topic" : "a prepared transaction";
        }
    }

    private IndexAudit(LevelDBClient index, RecordLog log) {
        this.index = index;
        this.files = new LogFiles(log);
        this.gone = index.index().db().createWriteBatch();
        for (Tuple2<Object, CollectionRecord.Buffer> listed : JavaConversions.seqAsJavaList(index.listCollections())) {
            collections.put((Long) listed._1(), new Found(listed._2()));
        }
    }

    /** Reads the whole index. This and the rest is to be called while nobody writes. */
    static IndexAudit of(LevelDBClient index, RecordLog log) {
        IndexAudit audit = new IndexAudit(index, log);
        IndexEntries.forEach(index, audit::read);
        return audit;
    }

    /** How many messages this member should have and does not. Those of removed queues are missed by nobody. */
    long missing() {
        return withoutFile;
    }

    /** Sets aside what leads nowhere, and makes the counts true. */
    void correct() {
        index.index().db().write(gone);
        LogFiles.believe(index, references);
        collections.forEach(this::correct);
    }

    private void read(IndexEntries.Entry entry) {
        Found found = collections.computeIfAbsent(entry.collection(), removed -> new Found(null));
        Long file = files.fileOf(entry);
        if (found.collection == null || file == null) {
            found.lost(entry);
            gone.delete(entry.key());
            withoutFile += found.collection == null ? 0 : 1;
        } else {
            LogFiles.count(references, file);
            found.messages++;
            found.highest = entry.number();
        }
    }

    private void correct(long number, Found found) {
        if (found.named()) {
            CollectionMeta meta = index.collectionMeta().getOrElseUpdate(number, new AbstractFunction0<CollectionMeta>() {
                @Override
                public CollectionMeta apply() {
                    return new CollectionMeta();
                }
            });
            meta.size_$eq(found.messages);
            byte[] highest = LevelDBClient.encodeLong(found.highest).toByteArray();
            if (found.messages > 0 && (meta.last_key() == null || Arrays.compareUnsigned(meta.last_key(), highest) < 0)) {
                meta.last_key_$eq(highest);
            }
        }
        if (found.lost > 0) {
            LOG.error(
                    "Set aside {} messages of {}, numbers {} to {}: the log has no messages at the positions {} to {}",
                    found.lost,
                    found,
                    found.firstLost.number(),
                    found.lastLost.number(),
                    Long.toHexString(found.firstLost.position()),
                    Long.toHexString(found.lastLost.position()));
        }
    }
}
