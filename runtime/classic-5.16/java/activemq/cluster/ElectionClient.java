package activemq.cluster;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.leveldb.replicated.groups.ZKClient;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.data.Stat;
import org.linkedin.util.clock.Timespan;
import org.linkedin.zookeeper.client.IZooKeeper;
import org.linkedin.zookeeper.client.LifecycleListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's ZooKeeper client with three faults mended.
 *
 * <p>A start that crashed, the more often the busier the machine (NullPointerException, "listener" is null, in ZooKeeperTreeTracker):
 * the group registers itself as a listener in its constructor, before its event handler is set. Registering tells it "connected" once;
 * when the dispatcher's thread is late and tells it a second time, it rebuilds its tree with a handler that is still null.
 *
 * <p>An election stuck for ever (BadVersionException): a member's update of its own znode can fail at a lost connection although
 * ZooKeeper has carried it out. The group then knows a stale version and every later update is refused.
 *
 * <p>A failover for nothing: a master gave up its role as soon as its connection to ZooKeeper broke (ZKClient.process,
 * MasterElector.changed), although it gets another one to another member within a second, and nobody else can be elected before its
 * session has ended. Now a broken connection is told to nobody until the session may be over. ZooKeeper counts a session's time from
 * the last request that it has got; here it counts from when the last request that was answered was sent, which is earlier: so what
 * stood still (SIGSTOP, a long collection) gives up at once when it goes on. While the connection is away {@link #isConnected} says
 * so, as before. What this cannot see: a follower that is cut off from its leader answers for another syncLimit, while the session may
 * end elsewhere. That two masters acknowledge is prevented by the store itself, which waits for a majority of copies.
 */
final class ElectionClient extends ZKClient {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionClient.class);
    private static final long LONGEST_WAIT_SECONDS = 30;
    /** Requests that show that the session lives, and what is left of it for giving up, as parts of its timeout. */
    private static final int REQUESTS_PER_SESSION = 10;
    private static final int RESERVES_PER_SESSION = 5;

    private final CountDownLatch told = new CountDownLatch(1);
    private final long sessionNanos;
    private final Runnable regained;
    /** What happens to the session, one after the other: first this client's own answer to it is finished. */
    private final ScheduledExecutorService session = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "ZooKeeper session");
        thread.setDaemon(true);
        return thread;
    });
    /** The connection is broken; the session may live. */
    private volatile boolean away;
    /** By nanoTime. */
    private volatile long livesUntil = System.nanoTime();
    /** Tells everybody that the connection is lost, when its time is up; null while there is one, or they know. */
    private ScheduledFuture<?> givingUp;

    /**
     * @param regained makes good what was missed while the connection was away, which nobody was told of: a watch that was to be set
     *     just then is not set. Runs in this client's own thread.
     */
    ElectionClient(String connect, Timespan sessionTimeout, Runnable regained) {
        super(connect, sessionTimeout, null);
        this.sessionNanos = TimeUnit.MILLISECONDS.toNanos(sessionTimeout.getDurationInMilliseconds());
        this.regained = regained;
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

    @Override
    public void start() throws Exception {
        super.start();
        long pause = sessionNanos / REQUESTS_PER_SESSION;
        session.scheduleWithFixedDelay(this::ask, 0, pause, TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        session.shutdownNow();
        super.close();
    }

    @Override
    public boolean isConnected() {
        return !away && super.isConnected();
    }

    /** Every answered request makes the session last. */
    private void ask() {
        IZooKeeper zooKeeper = _zk;
        if (zooKeeper == null || !isConnected()) {
            return;
        }
        long sent = System.nanoTime();
        zooKeeper.exists("/", false, (code, path, context, stat) -> {
            if (code == KeeperException.Code.OK.intValue()) {
                livesUntil = sent + sessionNanos - sessionNanos / RESERVES_PER_SESSION;
            }
        }, null);
    }

    @Override
    public void process(WatchedEvent event) {
        if (event.getType() != EventType.None) {
            super.process(event);
            return;
        }
        away = event.getState() != KeeperState.SyncConnected;
        try {
            session.execute(() -> follow(event));
        } catch (RejectedExecutionException e) {
            LOG.debug("{} after the end", event);
        }
    }

    private void follow(WatchedEvent event) {
        switch (event.getState()) {
            case Disconnected -> {
                // Said again at every try that fails, also of what everybody knows.
                if (givingUp == null && !super.isConnected()) {
                    super.process(event);
                } else if (givingUp == null) {
                    long left = Math.max(0, livesUntil - System.nanoTime());
                    LOG.info("The connection to ZooKeeper is away; the session lives for {} ms at least", TimeUnit.NANOSECONDS.toMillis(left));
                    givingUp = session.schedule(() -> giveUp(event), left, TimeUnit.NANOSECONDS);
                }
            }
            case SyncConnected -> {
                if (givingUp == null) {
                    super.process(event);
                    return;
                }
                givingUp.cancel(false);
                givingUp = null;
                LOG.info("Connected to ZooKeeper again, in the same session");
                makeGood();
            }
            case Expired -> {
                if (givingUp != null) {
                    givingUp.cancel(false);
                    giveUp(new WatchedEvent(EventType.None, KeeperState.Disconnected, null));
                }
                super.process(event);
            }
            default -> super.process(event);
        }
    }

    private void giveUp(WatchedEvent lost) {
        givingUp = null;
        LOG.warn("The connection to ZooKeeper is lost");
        super.process(lost);
    }

    private void makeGood() {
        try {
            regained.run();
        } catch (Exception e) {
            // Scala's methods throw ZooKeeper's without saying so. The connection broke again: the next one makes good what this did not.
            LOG.warn("cannot read the group anew", e);
        }
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
