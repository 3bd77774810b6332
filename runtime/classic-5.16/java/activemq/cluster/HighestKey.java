package activemq.cluster;

import java.util.Arrays;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBClient.CollectionMeta;
import scala.Option;

/**
 * What a queue's newest message is numbered, so that the next master numbers on from there.
 *
 * <p>The original takes the key that was written last for the highest one (LevelDBClient.collectionIncrementSize). Messages of several
 * producers get their numbers in one order and are written in another: when a batch ends with 3305, 3306, 3304, the next master gives
 * 3305 and 3306 once more. The index then points at the newer ones, and the first two, acknowledged and in the log of every broker, are
 * never delivered.
 */
final class HighestKey {
    private HighestKey() {}

    /** The highest key so far; null when there is none. */
    static byte[] of(LevelDBClient index, long collection) {
        Option<CollectionMeta> meta = index.collectionMeta().get(collection);
        return meta.isEmpty() ? null : meta.get().last_key();
    }

    /** After a key was remembered: goes back to the one before when that is higher. */
    static void keep(LevelDBClient index, long collection, byte[] before) {
        byte[] now = of(index, collection);
        if (before != null && now != null && Arrays.compareUnsigned(before, now) > 0) {
            index.collectionMeta().get(collection).get().last_key_$eq(before);
        }
    }
}
