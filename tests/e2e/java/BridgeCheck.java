import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import javax.management.ObjectName;
import org.apache.activemq.broker.BrokerFilter;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.broker.TransportConnection;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ConnectionId;
import org.apache.activemq.command.ConnectionInfo;
import org.apache.activemq.command.ConsumerInfo;
import org.apache.activemq.command.SessionInfo;
import org.apache.activemq.network.DiscoveryNetworkConnector;
import org.apache.activemq.network.NetworkBridge;
import org.apache.activemq.transport.DefaultTransportListener;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.transport.TransportFactory;
import org.apache.activemq.transport.TransportFilter;
import org.apache.activemq.transport.tcp.TcpTransportFactory;
import org.apache.activemq.transport.vm.VMTransportFactory;

/**
 * Bridges whose first connection goes wrong, each from a broker of its own to one peer, all at once. Prints a line for each: whether
 * the peer's consumer has become one of that broker in the end. Arguments: `product` or `ours` (with the watchdog), how long a bridge
 * may take in seconds, and the faults to try. The JMS interfaces have other names in each release, so nothing here uses them.
 */
class BridgeCheck {
    private static final ActiveMQQueue QUEUE = new ActiveMQQueue("orders");
    private static final String OPTIONS = "?connectionTimeout=5000&wireFormat.maxInactivityDuration=4000";
    private static final String RETRY = "?initialReconnectDelay=1000&maxReconnectDelay=2000&useExponentialBackOff=false";
    private static final long PAUSE_MILLIS = 500;
    private static final int REFUSALS = 10;
    private static final String[] FORMS = {"masterslave", "static"};
    private static final String[] MOMENTS = {"nothing", "half a WireFormatInfo", "WireFormatInfo", "half a BrokerInfo", "BrokerInfo"};

    private final boolean ours;
    private final long longestNanos;
    private final BrokerService peer = broker("peer");
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Future<String>> checks = new LinkedHashMap<>();

    private BridgeCheck(boolean ours, long seconds) throws Exception {
        this.ours = ours;
        longestNanos = seconds * 1_000_000_000;
        peer.addConnector("tcp://127.0.0.1:0");
        peer.start();
        consume(address(peer));
    }

    public static void main(String[] args) {
        try {
            BridgeCheck check = new BridgeCheck(args[0].equals("ours"), Long.parseLong(args[1]));
            for (int i = 2; i < args.length; i++) {
                check.add(args[i]);
            }
            for (Map.Entry<String, Future<String>> line : check.checks.entrySet()) {
                System.out.println("= " + line.getKey() + ": " + line.getValue().get());
            }
            System.exit(0);
        } catch (Exception e) {
            // Brokers have threads that would keep the process.
            e.printStackTrace();
            System.exit(1);
        }
    }

    private void add(String fault) {
        // Only these connect through FailoverTransport.
        boolean isOfFailover = fault.equals("unseen") || fault.equals("refused");
        for (String form : isOfFailover ? new String[] {"masterslave"} : FORMS) {
            switch (fault) {
                case "handshake":
                    for (int moment = 0; moment < MOMENTS.length; moment++) {
                        int last = moment;
                        checks.put(form + ", cut after " + MOMENTS[moment], run(() -> handshake(form, last, true)));
                        checks.put(form + ", silent after " + MOMENTS[moment], run(() -> handshake(form, last, false)));
                    }
                    break;
                case "unseen":
                    checks.put(form + ", broken before it is noted", run(() -> unseen(form)));
                    break;
                case "closed":
                    checks.put(form + ", closed by its own broker", run(() -> closed(form)));
                    break;
                case "refused":
                    checks.put(form + ", refused by its own broker", run(() -> refused(form)));
                    break;
                case "away":
                    checks.put(form + ", peer away and back", run(() -> away(form)));
                    break;
                default:
                    throw new IllegalArgumentException(fault);
            }
        }
    }

    private Future<String> run(Callable<String> check) {
        return threads.submit(check);
    }

    /** The peer's first connection ends, or says no more, after so much of what the peer has to say. */
    private String handshake(String form, int moment, boolean cut) throws Exception {
        // Refused at once several times in a row: the product misses some of these only.
        Proxy proxy = new Proxy(address(peer), moment, cut, moment == 0 && cut ? REFUSALS : 1);
        return awaited(dial(form, "tcp://127.0.0.1:" + proxy.server.getLocalPort()));
    }

    /** The connection breaks after FailoverTransport has started it and before it notes that it has. */
    private String unseen(String form) throws Exception {
        AtomicInteger left = new AtomicInteger(1);
        String scheme = "unseen";
        TransportFactory.registerTransportFactory(scheme, new Renamed(scheme) {
            @Override
            public Transport doCompositeConnect(URI uri) throws Exception {
                return new TransportFilter(super.doCompositeConnect(uri)) {
                    @Override
                    public void start() throws Exception {
                        super.start();
                        if (left.getAndDecrement() > 0) {
                            next.stop();
                            onException(new EOFException());
                        }
                    }
                };
            }
        });
        BrokerService broker = dial(form, address(peer).toString().replace("tcp", scheme));
        return awaited(broker) + restarted(broker);
    }

    /** What no new start mends: the peer answers, and no attempt succeeds. Counts the watchdog's dials until its second start. */
    private String refused(String form) throws Exception {
        AtomicInteger dials = new AtomicInteger();
        String scheme = "refused";
        // The connector's own connections are composite ones.
        TransportFactory.registerTransportFactory(scheme, new Renamed(scheme) {
            @Override
            public Transport doConnect(URI uri) throws Exception {
                dials.incrementAndGet();
                return super.doConnect(uri);
            }
        });
        BrokerPlugin refusal = next -> new BrokerFilter(next) {
            @Override
            public void addConnection(ConnectionContext context, ConnectionInfo info) throws Exception {
                throw new SecurityException("Refused by the test: " + info.getClientId());
            }
        };
        BrokerService broker = dial(form, address(peer).toString().replace("tcp", scheme), refusal);
        long began = System.nanoTime();
        while (restarts(broker) < 2) {
            if (System.nanoTime() - began > longestNanos) {
                return restarts(broker) + " starts";
            }
            Thread.sleep(50);
        }
        // Five answers before the first start, nine before the second.
        return dials.get() >= 14 ? "the second start takes longer" : "the second start after " + dials.get() + " dials";
    }

    /** What closes it in production: a strategy against slow consumers, or somebody over JMX. */
    private String closed(String form) throws Exception {
        BrokerService broker = dial(form, address(peer).toString());
        String first = awaited(broker);
        for (TransportConnection connection : VMTransportFactory.CONNECTORS.get(broker.getBrokerName()).getConnections()) {
            connection.stop();
        }
        while (isUp(broker)) {
            Thread.sleep(50);
        }
        return first + ", " + awaited(broker) + restarted(broker);
    }

    /** A peer without a master is dialled by the connector alone, and the bridge that comes is left alone. */
    private String away(String form) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
            port = free.getLocalPort();
        }
        BrokerService broker = dial(form, "tcp://127.0.0.1:" + port);
        Thread.sleep(20 * PAUSE_MILLIS);
        String before = isUp(broker) ? "there without a peer" + restarted(broker) : "no bridge" + restarted(broker);
        BrokerService late = broker("late " + form);
        late.addConnector("tcp://127.0.0.1:" + port);
        late.start();
        consume(address(late));
        String after = awaited(broker);
        Set<NetworkBridge> bridges = Set.copyOf(broker.getNetworkConnectors().get(0).activeBridges());
        Thread.sleep(20 * PAUSE_MILLIS);
        boolean same = bridges.equals(Set.copyOf(broker.getNetworkConnectors().get(0).activeBridges()));
        return before + ", " + after + ", " + (same && isUp(broker) ? "left alone" : "gone");
    }

    /** Starts a broker that dials; with masterslave, a second address where nobody is. */
    private BrokerService dial(String form, String address, BrokerPlugin... others) throws Exception {
        BrokerService broker = broker("dialler" + checks.size() + "x" + System.nanoTime());
        String addresses = address + OPTIONS + (form.equals("masterslave") ? ",tcp://127.0.0.1:1" + OPTIONS : "");
        DiscoveryNetworkConnector connector = new DiscoveryNetworkConnector(new URI(form + ":(" + addresses + ")" + RETRY));
        connector.setName(broker.getBrokerName());
        broker.addNetworkConnector(connector);
        List<BrokerPlugin> plugins = new ArrayList<>(List.of(others));
        if (ours) {
            plugins.add(watchdog());
        }
        broker.setPlugins(plugins.toArray(new BrokerPlugin[0]));
        broker.start();
        return broker;
    }

    /** By name, because what is there before it shall be checked, too. */
    private static BrokerPlugin watchdog() throws ReflectiveOperationException {
        Class<?> watchdog = Class.forName("activemq.cluster.BridgeWatchdog");
        BrokerPlugin plugin = (BrokerPlugin) watchdog.getDeclaredConstructor().newInstance();
        watchdog.getMethod("setPauseMillis", long.class).invoke(plugin, PAUSE_MILLIS);
        return plugin;
    }

    private String awaited(BrokerService broker) throws Exception {
        long began = System.nanoTime();
        while (!isUp(broker)) {
            if (System.nanoTime() - began > longestNanos) {
                return "away";
            }
            Thread.sleep(50);
        }
        return "up";
    }

    private String restarted(BrokerService broker) throws Exception {
        if (!ours) {
            return "";
        }
        return restarts(broker) == 0 ? " by itself" : " by the watchdog";
    }

    private static long restarts(BrokerService broker) throws Exception {
        ObjectName name = new ObjectName("activemq.cluster:type=BridgeWatch,connector=" + broker.getBrokerName());
        return (long) ManagementFactory.getPlatformMBeanServer().getAttribute(name, "Restarts");
    }

    /** A consumer of the peer is one here as soon as the bridge works in both directions. */
    private static boolean isUp(BrokerService broker) throws Exception {
        for (Destination destination : broker.getBroker().getDestinationMap().values()) {
            if (destination.getActiveMQDestination().equals(QUEUE) && !destination.getConsumers().isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static BrokerService broker(String name) throws Exception {
        BrokerService broker = new BrokerService();
        broker.setBrokerName(name);
        broker.setPersistent(false);
        broker.setSchedulerSupport(false);
        broker.setUseShutdownHook(false);
        broker.getManagementContext().setCreateConnector(false);
        return broker;
    }

    private static URI address(BrokerService broker) throws Exception {
        URI uri = broker.getTransportConnectors().get(0).getServer().getConnectURI();
        return new URI("tcp://127.0.0.1:" + uri.getPort());
    }

    private static void consume(URI address) throws Exception {
        Transport transport = TransportFactory.connect(address);
        transport.setTransportListener(new DefaultTransportListener());
        transport.start();
        ConnectionInfo connection = new ConnectionInfo(new ConnectionId("consumer"));
        connection.setClientId("consumer");
        SessionInfo session = new SessionInfo(connection, 1);
        ConsumerInfo consumer = new ConsumerInfo(session, 1);
        consumer.setDestination(QUEUE);
        transport.request(connection);
        transport.request(session);
        transport.request(consumer);
    }

    /** TCP under another name, so that a test can meddle with one connector's connections alone. */
    private static class Renamed extends TcpTransportFactory {
        private final String scheme;

        Renamed(String scheme) {
            this.scheme = scheme;
        }

        @Override
        public Transport doConnect(URI uri) throws Exception {
            return super.doConnect(tcp(uri));
        }

        @Override
        public Transport doCompositeConnect(URI uri) throws Exception {
            return super.doCompositeConnect(tcp(uri));
        }

        private URI tcp(URI uri) throws Exception {
            return new URI(uri.toString().replace(scheme, "tcp"));
        }
    }

    /** Between a dialling broker and the peer: ends the first connections in the middle of what the peer says, passes on later ones. */
    private static final class Proxy {
        private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        /** A socket that nobody refers to would be closed one day, and so not be silent. */
        private final Set<Socket> open = ConcurrentHashMap.newKeySet();

        private final URI peer;
        private final int moment;
        private final boolean cut;

        Proxy(URI peer, int moment, boolean cut, int faulty) throws IOException {
            this.peer = peer;
            this.moment = moment;
            this.cut = cut;
            spawn(() -> {
                for (int left = faulty; true; left--) {
                    Socket accepted = server.accept();
                    boolean isFaulty = left > 0;
                    spawn(() -> serve(accepted, isFaulty));
                }
            });
        }

        /** The peer says a WireFormatInfo and a BrokerInfo first, each behind its length. Moments are halves of these. */
        private void serve(Socket dialler, boolean isFaulty) throws IOException {
            open.add(dialler);
            if (isFaulty && moment == 0) {
                end(dialler);
                return;
            }
            Socket behind = new Socket(peer.getHost(), peer.getPort());
            open.add(behind);
            spawn(() -> pass(dialler, behind));
            DataInputStream said = new DataInputStream(behind.getInputStream());
            OutputStream out = dialler.getOutputStream();
            for (int frame = 1; isFaulty; frame++) {
                byte[] bytes = new byte[said.readInt()];
                said.readFully(bytes);
                byte[] whole = ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
                boolean isLast = 2 * frame >= moment;
                out.write(whole, 0, isLast && moment % 2 == 1 ? whole.length / 2 : whole.length);
                out.flush();
                if (isLast) {
                    end(dialler, behind);
                    return;
                }
            }
            pass(behind, dialler);
        }

        private void end(Socket... ended) throws IOException {
            for (Socket socket : cut ? ended : new Socket[0]) {
                socket.close();
            }
        }

        private static void pass(Socket from, Socket to) throws IOException {
            try (from; to) {
                InputStream in = from.getInputStream();
                in.transferTo(to.getOutputStream());
            }
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void spawn(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // A connection has ended, which is what this is about.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }
}
