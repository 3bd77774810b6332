package activemq.cluster;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.replicated.MasterLevelDBStore;
import org.apache.activemq.leveldb.replicated.ReplicatedLevelDBStoreTrait;
import org.apache.activemq.leveldb.replicated.ReplicationSupport;
import org.apache.activemq.leveldb.replicated.SlaveLevelDBStore;
import org.apache.activemq.leveldb.replicated.groups.ZKClient;
import org.apache.activemq.leveldb.replicated.groups.ZooKeeperGroup;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.store.leveldb.ReplicatedLevelDBPersistenceAdapter;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.linkedin.util.clock.Timespan;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Function0;
import scala.runtime.AbstractFunction0;
import scala.runtime.BoxedUnit;

/**
 * The replicated LevelDB store without the faults that lost acknowledged messages at failovers, or left a group without a master.
 *
 * <p>{@link ElectionClient}, {@link SlaveStore}, {@link SlaveIndex}, {@link MasterStore} and {@link MasterIndex} name them, each where it is mended. File and
 * line are those of activemq-leveldb-store 5.16.7. Files and protocol stay as they are: brokers with and without these classes
 * understand each other, and each is only as safe as its own half.
 */
public final class GroupStore extends ReplicatedLevelDBPersistenceAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(GroupStore.class);
    /** Long after connections are closed and files too, on a slow disk. A fresh process is as fast. */
    private static final int LONGEST_STOP_SECONDS = 15;

    /**
     * Reads the position to report to the election from what this broker would serve.
     *
     * <p>ElectingLevelDBStore.init (line 175) measures the log files in the folder. After a process was killed in a download these are
     * half of the master's, and what it would serve as a master is in the stash.
     */
    @Override
    public void init() {
        StoreProgress.register(this);
        ReplicationSupport.unstash(getDirectory());
        super.init();
    }

    /** The store's own init assigns its client through this setter, before it starts or registers anything. */
    @Override
    public void zk_client_$eq(ZKClient client) {
        super.zk_client_$eq(client == null ? null : new ElectionClient(zkAddress(), Timespan.parse(zkSessionTimeout()), this::readAnew));
    }

    /**
     * The store's own init assigns the group through this setter, before it registers this broker in it.
     *
     * <p>A process that was killed leaves its registration behind until its session has ended, and for that long the others take it for
     * alive: for their master, if it was that. Whoever starts in its place knows better, for there is one process of a broker at most.
     */
    @Override
    public void zk_group_$eq(ZooKeeperGroup group) {
        if (group != null) {
            removeFormerRegistration();
        }
        super.zk_group_$eq(group);
    }

    private void removeFormerRegistration() {
        ZKClient client = zk_client();
        try {
            for (String node : client.getChildren(zkPath(), false)) {
                String path = zkPath() + "/" + node;
                if (Member.isMember(node) && isFormer(client, path, node)) {
                    client.delete(path, -1);
                    LOG.info("Removed {}, the registration of a process of {} that has ended", node, container());
                }
            }
        } catch (KeeperException | IOException e) {
            LOG.warn("Cannot remove a former registration, which ends with its session", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean isFormer(ZKClient client, String path, String node)
            throws IOException, KeeperException, InterruptedException {
        try {
            Stat stat = new Stat();
            Member member = Member.parse(node, client.getData(path, false, stat));
            return container().equals(member.container()) && stat.getEphemeralOwner() != client.getSessionId();
        } catch (KeeperException.NoNodeException e) {
            return false;
        }
    }

    /** What the group does itself at a new connection. */
    private void readAnew() {
        ZooKeeperGroup group = zk_group();
        if (group != null) {
            group.onConnected();
        }
    }

    /**
     * Attaches to another master than so far, after it has let go of the one before; and to no master that is itself.
     *
     * <p>The original (ElectingLevelDBStore, line 313) takes whatever address is registered: that of its own process of before, which was
     * killed as a master, too. And where one master follows another without a moment in between, the second start waits for a lock that
     * the first slave holds, and for ever. Both: this member was out for 75 s, and a master killed in that time found no quorum.
     */
    @Override
    public void start_slave(String address, Function0<BoxedUnit> started) {
        if (address.equals(address(URI.create(bind()).getPort()))) {
            LOG.info("The elected master is this broker's process of before, which has ended");
            started.apply();
            return;
        }
        SlaveLevelDBStore before = slave();
        if (before == null) {
            super.start_slave(address, started);
            return;
        }
        stop_slave(new AbstractFunction0<>() {
            @Override
            public BoxedUnit apply() {
                GroupStore.super.start_slave(address, started);
                return BoxedUnit.UNIT;
            }
        });
    }

    /**
     * Says so when there is none, and ends the process when it does not come to an end.
     *
     * <p>The original's caller waits for ever both times. A connection that is stopped while its address is being resolved never says that it
     * has stopped (hawtdispatch 1.22, TcpTransport.CANCELING): a slave looks for its master every second, and so meets that moment.
     */
    @Override
    public void stop_slave(Function0<BoxedUnit> stopped) {
        if (slave() == null) {
            stopped.apply();
            return;
        }
        CountDownLatch done = new CountDownLatch(1);
        super.stop_slave(new AbstractFunction0<>() {
            @Override
            public BoxedUnit apply() {
                done.countDown();
                return stopped.apply();
            }
        });
        Thread waiting = new Thread(() -> leaveUnless(done), "GroupStore stop");
        waiting.setDaemon(true);
        waiting.start();
    }

    private void leaveUnless(CountDownLatch stopped) {
        try {
            if (!stopped.await(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                leaving().leave("The slave has not stopped for " + LONGEST_STOP_SECONDS + " s", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The original leaves the size of log files out (ElectingLevelDBStore, line 360). */
    @Override
    public void configure(ReplicatedLevelDBStoreTrait store) {
        super.configure(store);
        ((LevelDBStore) store).setLogSize(logSize());
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

    /** Does not store a message twice whose producer sends it again after a failover: see {@link SentOnce}. */
    @Override
    public MessageStore createQueueMessageStore(ActiveMQQueue queue) {
        return SentOnce.of(super.createQueueMessageStore(queue), proxy_target());
    }

    private Leaving leaving() {
        return new Leaving(() -> {
            ZKClient client = zk_client();
            if (client != null) {
                client.close();
            }
        });
    }
}
