package activemq.cluster;

import java.io.File;
import java.io.IOException;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.RecordLog;
import org.apache.activemq.leveldb.replicated.SlaveLevelDBStore;
import org.apache.activemq.leveldb.replicated.dto.SyncResponse;
import org.apache.activemq.util.ServiceStopper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A slave's half of {@link GroupStore}. */
final class SlaveStore extends SlaveLevelDBStore {
    private static final Logger LOG = LoggerFactory.getLogger(SlaveStore.class);

    /** Far beyond any pause in a download; a master that does not answer for so long is asked anew by a fresh process. */
    static final double LONGEST_SILENCE_SECONDS = 60;
    /** A pause of the whole process (a suspended machine, a long collection) must not count as silence. */
    private static final double LONGEST_STEP_SECONDS = 2;

    private final long logSize;
    private final Leaving leaving;
    private final double longestSilenceSeconds;
    private Thread watching;

    SlaveStore(long logSize, Leaving leaving, double longestSilenceSeconds) {
        this.logSize = logSize;
        this.leaving = leaving;
        this.longestSilenceSeconds = longestSilenceSeconds;
    }

    /**
     * Attaches to the master, and watches that it comes to an end.
     *
     * <p>The original gives up without a word when the master refuses a file that is gone meanwhile (SlaveLevelDBStore, Session.fail), or
     * when anything is thrown in its queue: it stays half attached for ever, and a fresh process attaches in seconds.
     */
    @Override
    public void doStart() {
        try {
            MissingMessages.forget(directory());
            super.doStart();
        } catch (Throwable e) { // Scala declares none. In a pool's thread, as with a master: nobody would see it, or try again
            leaving.leave("The slave's store cannot start", e);
        }
        watching = new Thread(this::watch, "SlaveStore watch");
        watching.setDaemon(true);
        watching.start();
    }

    /**
     * Ends the process of a slave whose index stands still: elected, it would not have what comes behind that.
     *
     * <p>A fresh one takes the master's index, and compares its log files with the master's anew.
     */
    void cannotReplay(IOException failure) {
        File[] checksums = directory().listFiles((folder, name) -> name.endsWith(".crc32"));
        for (File checksum : checksums == null ? new File[0] : checksums) {
            // A file that was damaged later would count as the master's (FileSupport.cached_crc32, line 128).
            if (!checksum.delete()) {
                LOG.warn("{} cannot be removed", checksum);
            }
        }
        leaving.leave("This slave cannot follow its master", failure);
    }

    private void watch() {
        String before = "";
        double silent = 0;
        long last = System.nanoTime();
        try {
            while (true) {
                Thread.sleep(1000);
                long now = System.nanoTime();
                String progress = status() + " " + downloadedBytes();
                if ("Attached".equals(status())) {
                    LastFailure.forget();
                }
                boolean still = progress.equals(before) && !"Attached".equals(status());
                silent = still ? silent + Math.min((now - last) / 1e9, LONGEST_STEP_SECONDS) : 0;
                if (silent >= longestSilenceSeconds) {
                    leaving.leave("Not attached, and nothing has come for " + Math.round(silent) + " s (" + status() + ")", null);
                }
                before = progress;
                last = now;
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped");
        }
    }

    /** Not what the master writes meanwhile: that goes on coming to a slave whose download has ended without a word. */
    private long downloadedBytes() {
        Session session = transfer_session();
        return session == null ? 0 : session.codec().getReadCounter();
    }

    /** Called by the constructor of a superclass: nothing of this class is set yet. */
    @Override
    public LevelDBClient createClient() {
        return new SlaveIndex(this);
    }

    /**
     * Tells the index which position it is going to be downloaded at, and refuses to do without one.
     *
     * <p>A master that deleted the snapshot it promised lists no index files (MasterLevelDBClient, lines 56 and 108). The original
     * (SlaveLevelDBStore, line 440) then replays from the promised position into an empty index, which forgets all before it.
     */
    @Override
    public long transfer_missing(SyncResponse state) {
        if (state.index_files.isEmpty() && state.snapshot_position != 0) {
            LOG.warn("The master has no index snapshot at {}; attaching anew", state.snapshot_position);
            wal_session().onTransportFailure(new IOException("no index snapshot at " + state.snapshot_position));
            return state.snapshot_position;
        }
        ((SlaveIndex) client()).downloading(state.snapshot_position);
        return super.transfer_missing(state);
    }

    /**
     * Starts from nothing, as the first attachment does.
     *
     * <p>The original (SlaveLevelDBStore, line 106) stays "caught up" while it downloads anew, and handles what the master writes
     * meanwhile with a log that is not open.
     */
    @Override
    public void restart_slave_connections() {
        caughtUp_$eq(false);
        wal_append_position_$eq(0);
        wal_append_offset_$eq(0);
        super.restart_slave_connections();
    }

    /**
     * Leaves the true end of the log behind, for the election.
     *
     * <p>The original reports the position of the last write received (ElectingLevelDBStore.stop_slave, line 326): 0 when it never
     * attached, so that among two such slaves the one that lags may win, and that of the former master's newest write when it was
     * stopped in a download and went back to what it had before.
     */
    @Override
    public void doStop(ServiceStopper stopper) {
        if (watching != null) {
            watching.interrupt();
        }
        super.doStop(stopper);
        RecordLog log = new RecordLog(directory(), LevelDBClient.LOG_SUFFIX());
        log.logSize_$eq(logSize);
        log.open(-1);
        try {
            wal_append_position_$eq(log.appender_limit());
        } finally {
            log.close();
        }
    }
}
