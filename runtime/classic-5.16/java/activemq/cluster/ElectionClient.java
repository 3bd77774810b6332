package activemq.cluster;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.leveldb.replicated.groups.ZKClient;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.data.Stat;
import org.linkedin.util.clock.Timespan;
import org.linkedin.zookeeper.client.LifecycleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's ZooKeeper client with two faults mended.
 *
 * <p>A start that crashed, the more often the busier the machine (NullPointerException, "listener" is null, in ZooKeeperTreeTracker):
 * the group registers itself as a listener in its constructor, before its event handler is set. Registering tells it "connected" once;
 * when the dispatcher's thread is late and tells it a second time, it rebuilds its tree with a handler that is still null.
 *
 * <p>An election stuck for ever (BadVersionException): a member's update of its own znode can fail at a lost connection although
 * ZooKeeper has carried it out. The group then knows a stale version and every later update is refused.
 */
final class ElectionClient extends ZKClient {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionClient.class);
    private static final long LONGEST_WAIT_SECONDS = 30;

    private final CountDownLatch told = new CountDownLatch(1);

    ElectionClient(String connect, Timespan sessionTimeout) {
        super(connect, sessionTimeout, null);
        registerListener(new LifecycleListener() {
            @Override
            public void onConnected() {
                told.countDown();
            }

            @Override
            public void onDisconnected() {
                // Nothing waits for that.
            }
        });
    }

    /** Returns once the dispatcher, too, has told everybody that we are connected: who registers later is told once. */
    @Override
    public void waitForConnected(Timespan timeout) throws InterruptedException, TimeoutException {
        super.waitForConnected(timeout);
        if (!told.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
            throw new TimeoutException("connected to ZooKeeper, but not told so within " + LONGEST_WAIT_SECONDS + " s");
        }
    }

    /** Nobody else writes a member's znode, so the version that is there is one of our own. */
    @Override
    public Stat setData(String path, byte[] data, int version) throws InterruptedException, KeeperException {
        try {
            return super.setData(path, data, version);
        } catch (KeeperException.BadVersionException e) {
            LOG.warn("{} has another version than {}: an earlier update succeeded although its answer was lost; writing it anew", path, version);
            return super.setData(path, data, -1);
        }
    }

    /** A registration with a stale version would outlive its member by a session timeout. */
    @Override
    public void delete(String path, int version) throws InterruptedException, KeeperException {
        try {
            super.delete(path, version);
        } catch (KeeperException.BadVersionException e) {
            super.delete(path, -1);
        }
    }
}
