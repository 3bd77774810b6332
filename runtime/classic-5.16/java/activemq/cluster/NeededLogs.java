package activemq.cluster;

import java.util.Map;
import java.util.TreeMap;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.leveldb.util.LongCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * A log that keeps the files that the index points into, whatever was counted.
 *
 * <p>The original deletes a file whose count is 0 (LevelDBClient.gc, line 1692). The count goes up and down beside the index and is never
 * compared with it: one step too few, and messages are gone. The first broker that reads such an entry ends, and so does its successor.
 */
@SuppressWarnings("serial") // Scala makes every case class serializable; nobody does it
final class NeededLogs extends RecordLog {
    private static final Logger LOG = LoggerFactory.getLogger(NeededLogs.class);

    private final LevelDBClient index;
    private final RecordLog log;
    /** Of counting, which writes wait for: 0.5 s for a million messages. */
    private final Pace pace;
    /** Counted when the first file is to be deleted, which is once per file and not at every look. */
    private Map<Long, LongCounter> references;

    /** For one collection of unused files, by the thread that writes. */
    NeededLogs(LevelDBClient index, RecordLog log, Pace pace) {
        super(log.directory(), log.logSuffix());
        this.index = index;
        this.log = log;
        this.pace = pace;
    }

    @Override
    public TreeMap<Object, LogInfo> log_infos() {
        return log.log_infos();
    }

    @Override
    public Option<LogInfo> log_info(long position) {
        return log.log_info(position);
    }

    @Override
    public long appender_start() {
        return log.appender_start();
    }

    @Override
    public void delete(long file) {
        if (references == null) {
            if (!pace.isDue()) {
                // It is offered again, ten seconds later.
                return;
            }
            pace.begin();
            references = LogFiles.references(index, log);
            pace.end();
        }
        LongCounter needed = references.get(file);
        if (needed == null) {
            log.delete(file);
        } else {
            LOG.warn("Keeping log file {}: {} messages are in it, counted as none", Long.toHexString(file), needed.get());
            LogFiles.believe(index, references);
        }
    }
}
