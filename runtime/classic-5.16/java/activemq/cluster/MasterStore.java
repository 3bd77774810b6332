package activemq.cluster;

import org.apache.activemq.leveldb.replicated.MasterLevelDBClient;
import org.apache.activemq.leveldb.replicated.MasterLevelDBStore;

/** A master's half of {@link GroupStore}. */
final class MasterStore extends MasterLevelDBStore {
    private final Leaving leaving;
    /** False for the constructor of a superclass, too. */
    private volatile boolean opened;

    MasterStore(Leaving leaving) {
        this.leaving = leaving;
    }

    /**
     * Starts serving, or ends the process so that another member is elected and a supervisor starts a fresh one.
     *
     * <p>ElectingLevelDBStore.start_master (line 229) starts the master in a pool's thread, where a failure, for example a replication
     * port that is taken, is never seen: the member stays elected for ever without serving.
     */
    @Override
    public void doStart() {
        try {
            super.doStart();
        } catch (Throwable e) {
            leaving.leave("Elected, but the store cannot start", e);
        }
    }

    /** The first step once everything is loaded; then the master waits for its slaves. */
    @Override
    public void start_protocol_server() {
        opened = true;
        super.start_protocol_server();
    }

    /** Whether everything is loaded: before, whatever fails ends the process. */
    boolean opened() {
        return opened;
    }

    @Override
    public MasterLevelDBClient createClient() {
        return new MasterIndex(this);
    }
}
