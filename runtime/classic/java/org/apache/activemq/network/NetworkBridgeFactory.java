package org.apache.activemq.network;

import activemq.cluster.SelectiveBridge;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.transport.TransportFactory;
import org.apache.activemq.util.URISupport;

/**
 * Makes all bridges, in place of the product's class of this name: the one of ours comes first on the class path. A connector could be
 * told of another factory. The end that a duplex connector dials cannot: it asks {@link #INSTANCE}.
 */
public final class NetworkBridgeFactory implements BridgeFactory {
    /** Whom the product asks. */
    public static final BridgeFactory INSTANCE = new NetworkBridgeFactory();

    private NetworkBridgeFactory() {}

    @Override
    public DemandForwardingBridge createNetworkBridge(
            NetworkBridgeConfiguration configuration, Transport local, Transport remote, NetworkBridgeListener listener) {
        DemandForwardingBridge bridge = configuration.isConduitSubscriptions()
                ? new SelectiveBridge(configuration, local, remote)
                : new DemandForwardingBridge(configuration, local, remote);
        if (listener != null) {
            bridge.setNetworkBridgeListener(listener);
        }
        return bridge;
    }

    /** Connects a bridge to its own broker; one end of that connection dispatches asynchronously. */
    public static Transport createLocalTransport(NetworkBridgeConfiguration configuration, URI uri) throws Exception {
        return createLocalTransport(uri, !configuration.isDispatchAsync());
    }

    /** Connects a bridge to its own broker for what comes in over a duplex connector. */
    public static Transport createLocalAsyncTransport(URI uri) throws Exception {
        return createLocalTransport(uri, true);
    }

    private static Transport createLocalTransport(URI uri, boolean async) throws Exception {
        Map<String, String> options = new HashMap<>(URISupport.parseParameters(uri));
        options.put("async", String.valueOf(async));
        // A broker that stops must not be made anew.
        options.put("create", "false");
        return TransportFactory.connect(URISupport.createURIWithQuery(uri, URISupport.createQueryString(options)));
    }
}
