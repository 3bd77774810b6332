package activemq.cluster;

import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.BrokerFilter;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.network.DiscoveryNetworkConnector;
import org.apache.activemq.network.NetworkConnector;

/**
 * Starts a network connector anew whose bridge stays away although its peer has a master that answers.
 *
 * <p>The product dials again when an attempt has told it that it failed. Some attempts never do:
 *
 * <ul>
 *   <li>FailoverTransport.doReconnect (line 1026) starts a connection and notes it afterwards (line 1036). A connection that breaks in
 *       between is not the noted one yet, so handleTransportFailure (line 268) drops the failure. In 5.16 the attempt then waits for
 *       ever, because FutureBrokerInfo.get (DemandForwardingBridgeSupport, line 1916) has an {@code ||} in place of an {@code &&}. In
 *       6.3 it waits for 30 s.
 *   <li>A bridge whose connection to its own broker is closed stops, and nothing starts another one (apache/activemq 2475).
 * </ul>
 *
 * <p>The cause does not matter here: what counts is that the bridge is missing, and that the peer answers. It runs on masters alone,
 * because a slave starts no plugins.
 */
public final class BridgeWatchdog implements BrokerPlugin {
    private long pauseMillis = 5000;

    /** Sets the time between two looks at a bridge; only tests pass another one. */
    public void setPauseMillis(long pauseMillis) {
        this.pauseMillis = pauseMillis;
    }

    @Override
    public Broker installPlugin(Broker broker) {
        return new BrokerFilter(broker) {
            private final List<BridgeWatch> watches = new ArrayList<>();

            // Before the connectors start: each watch has to see the first attempt.
            @Override
            public void start() throws Exception {
                super.start();
                for (NetworkConnector connector : getBrokerService().getNetworkConnectors()) {
                    if (connector instanceof DiscoveryNetworkConnector) {
                        watches.add(new BridgeWatch((DiscoveryNetworkConnector) connector, pauseMillis));
                    }
                }
                watches.forEach(BridgeWatch::start);
            }

            @Override
            public void stop() throws Exception {
                watches.forEach(BridgeWatch::stop);
                super.stop();
            }
        };
    }
}
