package activemq.cluster;

import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.leveldb.util.LongCounter;

/** The files of a log, and which of them an index needs. A file is named by the position that it begins with. */
final class LogFiles {
    private final NavigableMap<Long, Long> ends = new TreeMap<>();

    LogFiles(RecordLog log) {
        synchronized (log.log_mutex()) {
            // The original lists a file that it has filled with length 0 (RecordLog.create_appender, line 505).
            log.log_infos().forEach((begin, file) -> ends.put((Long) begin, (Long) begin + file.file().length()));
            ends.put(log.appender_start(), log.appender_limit());
        }
    }

    /** The file that has a message; null when it is gone, or does not reach so far. */
    Long fileOf(IndexEntries.Entry entry) {
        Map.Entry<Long, Long> file = ends.floorEntry(entry.position());
        long end = entry.position() + RecordLog.LOG_HEADER_SIZE() + entry.length();
        return file != null && end <= file.getValue() ? file.getKey() : null;
    }

    /** How many entries point into each file that they need, counted from the entries. */
    static Map<Long, LongCounter> references(LevelDBClient index, RecordLog log) {
        LogFiles files = new LogFiles(log);
        Map<Long, LongCounter> references = new HashMap<>();
        IndexEntries.forEach(index, entry -> count(references, files.fileOf(entry)));
        return references;
    }

    /** One more entry that points into a file; null counts for none. */
    static void count(Map<Long, LongCounter> references, Long file) {
        if (file != null) {
            references.computeIfAbsent(file, none -> new LongCounter(0)).incrementAndGet();
        }
    }

    /** Replaces what an index believes. */
    static void believe(LevelDBClient index, Map<Long, LongCounter> references) {
        index.logRefs().clear();
        references.forEach(index.logRefs()::put);
    }

    /**
     * Tells a replay of the files that came after its snapshot.
     *
     * <p>The original counts by the list of files that the snapshot has (LevelDBClient.logRefKey, line 856): messages in newer files
     * count for the last file of the list, and the newer ones seem to be unused. A slave gets such a snapshot when its master fills a
     * log file during the download, a master when it is killed just after it has filled one. Files of the list that are gone stay in it.
     */
    static void addNewer(LevelDBClient index, RecordLog log) {
        if (index.recoveryLogs() != null) {
            for (long file : log.log_file_positions()) {
                index.recoveryLogs().put(file, null);
            }
        }
    }
}
