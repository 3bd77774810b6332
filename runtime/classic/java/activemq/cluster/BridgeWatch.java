package activemq.cluster;

import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.activemq.network.BridgeFactory;
import org.apache.activemq.network.DemandForwardingBridge;
import org.apache.activemq.network.DiscoveryNetworkConnector;
import org.apache.activemq.network.NetworkBridgeConfiguration;
import org.apache.activemq.network.NetworkBridgeListener;
import org.apache.activemq.transport.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches one network connector for {@link BridgeWatchdog}.
 *
 * <p>It makes the connector's bridges, as the product would, and so learns of each attempt. While there is no bridge it dials the peer
 * itself. A peer that does not answer has no master: nothing is done, because the connector's own attempts are all that can help. A
 * connector without a bridge is started anew after {@link #PATIENCE} answers in a row. That is longer than an attempt of the product
 * takes: it gives each broker of a dead host 5 s, and so does a dial. The next time it takes twice as many answers, because a new
 * start does not help against every cause.
 */
final class BridgeWatch implements BridgeFactory, BridgeWatchMBean {
    private static final Logger LOG = LoggerFactory.getLogger(BridgeWatch.class);
    /** Beside the answer that shows that the peer has a master: 20 s of 5 s each. */
    private static final int PATIENCE = 4;
    private static final int MOST_DOUBLINGS = 4;

    private final DiscoveryNetworkConnector connector;
    private final BridgePeer peer;
    private final BridgeFactory product;
    private final long pauseMillis;
    private final Thread thread;
    private final Set<BridgeAttempt> attempts = ConcurrentHashMap.newKeySet();
    private volatile BridgeAttempt newest;
    private volatile long missingSinceNanos = System.nanoTime();
    /** Looks in a row at which the peer answered and no bridge was there. */
    private volatile int answers;
    private volatile int restartsInRow;
    private volatile long restarts;
    private volatile boolean stopped;

    BridgeWatch(DiscoveryNetworkConnector connector, long pauseMillis) throws URISyntaxException {
        this.connector = connector;
        this.peer = new BridgePeer(connector.getUri());
        this.product = connector.getBridgeFactory();
        this.pauseMillis = pauseMillis;
        thread = new Thread(this::watch, "BridgeWatch " + connector.getName());
        thread.setDaemon(true);
    }

    void start() {
        connector.setBridgeFactory(this);
        register();
        thread.start();
    }

    void stop() {
        stopped = true;
        thread.interrupt();
        connector.setBridgeFactory(product);
        unregister();
    }

    @Override
    public DemandForwardingBridge createNetworkBridge(
            NetworkBridgeConfiguration configuration, Transport local, Transport remote, NetworkBridgeListener listener) {
        BridgeAttempt attempt = new BridgeAttempt(listener, this::cameOrWent);
        attempts.removeIf(BridgeAttempt::isOver);
        attempts.add(attempt);
        newest = attempt;
        return product.createNetworkBridge(configuration, local, remote, attempt);
    }

    /** A bridge came or went: what is counted begins anew. An attempt that fails is neither. */
    private void cameOrWent() {
        missingSinceNanos = System.nanoTime();
        answers = 0;
        restartsInRow = 0;
    }

    /** With several brokers over there a connector may have an attempt for each, of which the master's succeeds. */
    @Override
    public boolean isUp() {
        return attempts.stream().anyMatch(BridgeAttempt::isUp);
    }

    private void watch() {
        try {
            // The product swallows interruptions.
            while (!stopped) {
                Thread.sleep(pauseMillis);
                look();
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped");
        }
    }

    private void look() throws InterruptedException {
        // Stopped: by somebody who wants no bridge now. A connector that could not start is not stopped.
        if (isUp() || connector.isStopped()) {
            return;
        }
        int before = answers;
        Optional<String> master = peer.master();
        answers = master.isPresent() ? before + 1 : 0;
        if (answers > PATIENCE << Math.min(restartsInRow, MOST_DOUBLINGS) && !isUp()) {
            restart(master.orElseThrow());
        }
    }

    private void restart(String master) {
        answers = 0;
        restartsInRow++;
        restarts++;
        LOG.warn(
                "The bridge {} has been missing for {} s although {} answers. Its newest attempt {}."
                        + " Starting its connector anew, {} in a row.",
                connector.getName(), getSecondsMissing(), master, newest == null ? "is not there" : newest, restartsInRow);
        try {
            connector.stop();
        } catch (Exception e) {
            LOG.warn("The connector of the bridge {} did not stop cleanly", connector.getName(), e);
        }
        attempts.clear();
        try {
            if (!stopped && !connector.getBrokerService().isStopping()) {
                connector.start();
            }
        } catch (Exception e) {
            LOG.warn("The connector of the bridge {} could not be started", connector.getName(), e);
        }
    }

    @Override
    public long getSecondsMissing() {
        return isUp() ? 0 : TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - missingSinceNanos);
    }

    @Override
    public long getRestarts() {
        return restarts;
    }

    private void register() {
        try {
            unregister();
            server().registerMBean(this, objectName());
        } catch (JMException e) {
            // Watching matters more than being seen.
            LOG.warn("The state of the bridge {} cannot be shown", connector.getName(), e);
        }
    }

    private void unregister() {
        try {
            if (server().isRegistered(objectName())) {
                server().unregisterMBean(objectName());
            }
        } catch (JMException e) {
            LOG.warn("The state of the bridge {} is still shown", connector.getName(), e);
        }
    }

    private ObjectName objectName() throws JMException {
        return new ObjectName("activemq.cluster:type=BridgeWatch,connector=" + connector.getName());
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }
}
