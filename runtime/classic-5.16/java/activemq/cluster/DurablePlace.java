package activemq.cluster;

import org.apache.activemq.leveldb.LevelDBClient;
import org.iq80.leveldb.WriteOptions;

/**
 * How far a durable subscriber has acknowledged its topic: the one entry of a subscription's collection.
 *
 * <p>The original takes that number for a position in the log when it removes the subscription (LevelDBClient.removeCollection, line
 * 1190) and when it replays the removal (replay_from, line 757). The log file with that position, the first one, then counts one message
 * too few.
 */
final class DurablePlace {
    private DurablePlace() {}

    /** Takes it out of the index before the original finds it; there is none when the collection is no subscription. */
    static void forget(LevelDBClient index, long collection) {
        index.index().delete(
                LevelDBClient.encodeEntryKey(LevelDBClient.ENTRY_PREFIX(), collection, LevelDBClient.ACK_POSITION()), new WriteOptions());
    }
}
