package activemq.cluster;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.ZooKeeper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a broker that holds up its group's election for good, so that its supervisor starts a fresh one.
 *
 * <p>After ZooKeeper was away, a member's update of its own znode can time out although it succeeded. The store then knows a stale
 * version, every later update fails with BadVersion, and the group waits for this member for ever. A new registration heals it,
 * and only a new process is sure to make one. The process is alive and its log is quiet, so nothing else would notice.
 *
 * <p>Never acts while somebody is elected: an elected member without an address may be waiting for a slave's download.
 *
 * <p>A Spring bean, declared before the broker, because a slave's broker bean blocks until it becomes the master.
 */
public final class ElectionWatchdog implements ElectionWatchdogMBean {
    private static final Logger LOG = LoggerFactory.getLogger(ElectionWatchdog.class);
    private static final String OBJECT_NAME = "activemq.cluster:type=ElectionWatchdog";
    private static final long POLL_MILLIS = 1000;
    /** A pause of the whole process (a suspended machine, a long collection) must not count as time spent stuck. */
    private static final double LONGEST_STEP_SECONDS = 2;
    /** A registration is gone for a moment at every reconnect; longer than this it is lost. */
    private static final int ABSENT_AFTER_SECONDS = 90;
    private static final int MOST_DOUBLINGS = 4;

    /** The one at work: a broker that restarts inside its process builds a second bean and never destroys the first. */
    private static final AtomicReference<ElectionWatchdog> CURRENT = new AtomicReference<>();

    private String zkAddress;
    private String zkPath;
    private String brokerName;
    private String memberName;
    private int replicas = 3;
    private int sessionTimeoutMillis = 10_000;
    private int stuckAfterSeconds = 20;
    private String stateFile;

    private Thread thread;
    private ZooKeeper zooKeeper;
    private volatile boolean stopped;
    private volatile boolean connected;
    private volatile GroupState group = new GroupState(List.of());
    private volatile long lastReadyNanos = System.nanoTime();
    private volatile int attempts;
    private volatile double secondsBlocked;
    private double secondsAbsent;

    /** Starts watching in a thread of its own and takes over from a predecessor in the same process. */
    public void start() {
        attempts = readAttempts();
        ElectionWatchdog predecessor = CURRENT.getAndSet(this);
        if (predecessor != null) {
            predecessor.end();
        }
        register();
        thread = new Thread(this::watch, "ElectionWatchdog");
        thread.setDaemon(true);
        thread.start();
    }

    /** Stops watching. */
    public void stop() {
        if (CURRENT.compareAndSet(this, null)) {
            end();
            unregister();
        }
    }

    private void end() {
        stopped = true;
        thread.interrupt();
    }

    private void watch() {
        long last = System.nanoTime();
        try {
            while (!stopped) {
                poll();
                long now = System.nanoTime();
                judge(Math.min((now - last) / 1e9, LONGEST_STEP_SECONDS));
                last = now;
                Thread.sleep(POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped");
        } finally {
            connected = false;
            disconnect();
        }
    }

    /** Reads the group's znodes; whatever goes wrong counts as not connected. */
    private void poll() throws InterruptedException {
        try {
            if (zooKeeper == null || !zooKeeper.getState().isAlive()) {
                disconnect();
                zooKeeper = new ZooKeeper(zkAddress, sessionTimeoutMillis, event -> {});
            }
            group = new GroupState(readMembers());
            connected = true;
        } catch (KeeperException | IOException e) {
            LOG.debug("cannot read {}", zkPath, e);
            connected = false;
            if (e instanceof KeeperException.SessionExpiredException) {
                disconnect();
            }
        }
        if (connected && group.master().isPresent()) {
            lastReadyNanos = System.nanoTime();
            forgetAttempts();
        }
    }

    private List<Member> readMembers() throws KeeperException, InterruptedException {
        List<Member> members = new ArrayList<>();
        try {
            for (String node : zooKeeper.getChildren(zkPath, false)) {
                if (Member.isMember(node)) {
                    read(node).filter(member -> brokerName.equals(member.id())).ifPresent(members::add);
                }
            }
        } catch (KeeperException.NoNodeException e) {
            LOG.debug("{} does not exist yet", zkPath);
        }
        return members;
    }

    private Optional<Member> read(String node) throws KeeperException, InterruptedException {
        try {
            return Optional.of(Member.parse(node, zooKeeper.getData(zkPath + "/" + node, false, null)));
        } catch (KeeperException.NoNodeException e) {
            // It left between the two reads.
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("cannot understand {}/{}", zkPath, node, e);
            return Optional.empty();
        }
    }

    private void judge(double seconds) {
        boolean quorum = group.liveMembers() >= replicas / 2 + 1;
        Optional<String> blocked = connected && quorum ? group.blockedBy(memberName) : Optional.empty();
        boolean absent = connected && group.newest(memberName).isEmpty();
        secondsBlocked = blocked.isPresent() ? secondsBlocked + seconds : 0;
        secondsAbsent = absent ? secondsAbsent + seconds : 0;
        if (secondsBlocked >= getRestartAfterSeconds()) {
            restart("nobody is elected, and " + blocked.orElseThrow(), secondsBlocked);
        } else if (secondsAbsent >= (double) ABSENT_AFTER_SECONDS * (1 << doublings())) {
            restart("this member is not registered in ZooKeeper", secondsAbsent);
        }
    }

    private void restart(String reason, double seconds) {
        LOG.error(
                "The election of {} is stuck: for {} s {}. Ending {} with exit code {} so that it is started anew (attempt {}). Members: {}",
                brokerName, Math.round(seconds), reason, memberName, BrokerMain.EXIT_CODE, attempts + 1, group.members());
        writeAttempts(attempts + 1);
        LastFailure.remember("The election is stuck: " + reason, null);
        // Not exit: the broker's own shutdown waits for the store that is stuck.
        Runtime.getRuntime().halt(BrokerMain.EXIT_CODE);
    }

    private int doublings() {
        return Math.min(attempts, MOST_DOUBLINGS);
    }

    private int readAttempts() {
        try {
            return stateFile == null ? 0 : Math.max(0, Integer.parseInt(Files.readString(Path.of(stateFile)).trim()));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException | NumberFormatException e) {
            LOG.warn("cannot read {}, counting from 0", stateFile, e);
            return 0;
        }
    }

    private void writeAttempts(int count) {
        if (stateFile == null) {
            return;
        }
        try {
            Files.write(Path.of(stateFile), (count + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            LOG.warn("cannot write {}, the next restart will not wait longer", stateFile, e);
        }
    }

    private void forgetAttempts() {
        if (attempts > 0) {
            attempts = 0;
            writeAttempts(0);
        }
    }

    private void disconnect() {
        if (zooKeeper == null) {
            return;
        }
        try {
            zooKeeper.close(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        zooKeeper = null;
    }

    private void register() {
        try {
            unregister();
            server().registerMBean(this, new ObjectName(OBJECT_NAME));
        } catch (JMException e) {
            // Watching matters more than being seen.
            LOG.warn("cannot register {}", OBJECT_NAME, e);
        }
    }

    private static void unregister() {
        try {
            ObjectName name = new ObjectName(OBJECT_NAME);
            if (server().isRegistered(name)) {
                server().unregisterMBean(name);
            }
        } catch (JMException e) {
            LOG.warn("cannot unregister {}", OBJECT_NAME, e);
        }
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }

    @Override
    public int getZooKeeperConnected() {
        return connected ? 1 : 0;
    }

    @Override
    public int getLiveMembers() {
        return connected ? group.liveMembers() : 0;
    }

    @Override
    public int getMasterElected() {
        return connected && group.elected().isPresent() ? 1 : 0;
    }

    @Override
    public int getMasterReady() {
        return connected && group.master().isPresent() ? 1 : 0;
    }

    @Override
    public int getSelfMaster() {
        // The newest registration only: the one of a process that was killed outlives it by a session timeout.
        Optional<Member> own = group.newest(memberName);
        return connected && own.isPresent() && own.equals(group.master()) ? 1 : 0;
    }

    @Override
    public long getSecondsWithoutMaster() {
        return getMasterReady() == 1 ? 0 : (System.nanoTime() - lastReadyNanos) / 1_000_000_000;
    }

    @Override
    public long getSecondsStuck() {
        return (long) secondsBlocked;
    }

    @Override
    public long getRestartAfterSeconds() {
        return (long) stuckAfterSeconds << doublings();
    }

    /** Sets the ensemble's connect string, as the store has it. */
    public void setZkAddress(String zkAddress) {
        this.zkAddress = zkAddress;
    }

    /** Sets the path the group registers under, as the store has it. */
    public void setZkPath(String zkPath) {
        this.zkPath = zkPath;
    }

    /** Sets the broker name, which is the same for the whole group. */
    public void setBrokerName(String brokerName) {
        this.brokerName = brokerName;
    }

    /** Sets this member's own name, as the store's container attribute has it. */
    public void setMemberName(String memberName) {
        this.memberName = memberName;
    }

    /** Sets how many members the group has, as the store has it. */
    public void setReplicas(int replicas) {
        this.replicas = replicas;
    }

    /** Sets the session timeout of the watchdog's own ZooKeeper client. */
    public void setSessionTimeoutMillis(int sessionTimeoutMillis) {
        this.sessionTimeoutMillis = sessionTimeoutMillis;
    }

    /** Sets how long this member may hold up the election before the first restart. */
    public void setStuckAfterSeconds(int stuckAfterSeconds) {
        this.stuckAfterSeconds = stuckAfterSeconds;
    }

    /** Sets the file that counts restarts in a row. */
    public void setStateFile(String stateFile) {
        this.stateFile = stateFile;
    }
}
