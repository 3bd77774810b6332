package activemq.cluster;

import java.io.IOException;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.RecordLog;
import org.fusesource.hawtbuf.Buffer;
import scala.Option;
import scala.Tuple3;

/**
 * Whether a replay reached its end.
 *
 * <p>The original prints what goes wrong and goes on (LevelDBClient.replay_from, line 815): a master serves without the rest of its log,
 * a slave calls itself one and will not have it when it is elected. Where a log file is missing it reads the same position for ever.
 */
final class ReplayEnd {
    private ReplayEnd() {}

    /** What replay reads, which is a record or a failure. */
    static Tuple3<Object, Buffer, Object> found(RecordLog log, long position, Option<Tuple3<Object, Buffer, Object>> read) {
        if (read.isEmpty()) {
            throw new IllegalStateException("no log file has position " + position + " in " + log.directory());
        }
        return read.get();
    }

    /** Why the index did not get there, in one line; null when it did. */
    static IOException failure(LevelDBClient index, long limit) {
        long reached = index.indexRecoveryPosition();
        // An index may know more than the log has.
        if (reached >= limit) {
            return null;
        }
        String what = "the log cannot be replayed behind position " + reached + " of " + limit;
        try {
            Tuple3<Object, Buffer, Object> record = found(index.log(), reached, index.log().read(reached));
            return new IOException(what + ": a record of kind " + record._1() + " with " + record._2().length() + " bytes");
        } catch (Exception e) { // Scala declares none
            // Replay has printed where.
            return new IOException(what + ": " + LastFailure.root(e));
        }
    }
}
