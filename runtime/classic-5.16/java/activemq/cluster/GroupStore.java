package activemq.cluster;

import org.apache.activemq.leveldb.replicated.MasterLevelDBStore;
import org.apache.activemq.leveldb.replicated.ReplicationSupport;
import org.apache.activemq.leveldb.replicated.SlaveLevelDBStore;
import org.apache.activemq.leveldb.replicated.groups.ZKClient;
import org.apache.activemq.leveldb.replicated.groups.ZooKeeperGroup;
import org.apache.activemq.store.leveldb.ReplicatedLevelDBPersistenceAdapter;
import org.linkedin.util.clock.Timespan;

/**
 * The replicated LevelDB store without the faults that lost acknowledged messages at failovers, or left a group without a master.
 *
 * <p>{@link ElectionClient}, {@link SlaveStore}, {@link SlaveIndex}, {@link MasterStore} and {@link MasterIndex} name them, each where it is mended. File and
 * line are those of activemq-leveldb-store 5.16.7. Files and protocol stay as they are: brokers with and without these classes
 * understand each other, and each is only as safe as its own half.
 */
public final class GroupStore extends ReplicatedLevelDBPersistenceAdapter {
    /**
     * Reads the position to report to the election from what this broker would serve.
     *
     * <p>ElectingLevelDBStore.init (line 175) measures the log files in the folder. After a process was killed in a download these are
     * half of the master's, and what it would serve as a master is in the stash.
     */
    @Override
    public void init() {
        ReplicationSupport.unstash(getDirectory());
        super.init();
    }

    /** The store's own init assigns its client through this setter, before it starts or registers anything. */
    @Override
    public void zk_client_$eq(ZKClient client) {
        super.zk_client_$eq(client == null ? null : new ElectionClient(zkAddress(), Timespan.parse(zkSessionTimeout()), this::readAnew));
    }

    /** What the group does itself at a new connection. */
    private void readAnew() {
        ZooKeeperGroup group = zk_group();
        if (group != null) {
            group.onConnected();
        }
    }

    @Override
    public SlaveLevelDBStore create_slave() {
        SlaveStore slave = new SlaveStore(logSize(), leaving(), SlaveStore.LONGEST_SILENCE_SECONDS);
        configure(slave);
        return slave;
    }

    @Override
    public MasterLevelDBStore create_master() {
        MasterStore master = new MasterStore(leaving());
        configure(master);
        master.replicas_$eq(replicas());
        master.bind_$eq(bind());
        master.syncTo_$eq(sync());
        return master;
    }

    private Leaving leaving() {
        return new Leaving(() -> zk_client().close());
    }
}
