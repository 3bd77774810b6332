package activemq.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import javax.net.ServerSocketFactory;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.BrokerServiceAware;
import org.apache.activemq.transport.tcp.TcpTransport;
import org.apache.activemq.transport.tcp.TcpTransportFactory;
import org.apache.activemq.transport.tcp.TcpTransportServer;
import org.apache.activemq.util.IntrospectionSupport;
import org.apache.activemq.util.URISupport;
import org.apache.activemq.wireformat.WireFormat;
import org.apache.activemq.wireformat.WireFormatFactory;

/**
 * The scheme {@code ws}: STOMP, MQTT and AMQP inside WebSockets, for clients in browsers.
 *
 * <p>The product has its own in activemq-http, with a servlet container, an HTTP transport and an XML parser of objects, which
 * none of our runtimes wants. To a broker this is its plain TCP server: a WebSocket is a {@link Socket} ({@link
 * WebSocketConnection}), what listens is a {@link ServerSocket} ({@link WebSocketListener}), and everything from the wire format on
 * is the product's code for {@code stomp}, {@code mqtt} and {@code amqp}, with the same options.
 */
final class WebSocketTransportFactory extends TcpTransportFactory implements BrokerServiceAware {
    private BrokerService brokerService;

    @Override
    public void setBrokerService(BrokerService brokerService) {
        this.brokerService = brokerService;
    }

    @Override
    protected ServerSocketFactory createServerSocketFactory() {
        return new ServerSocketFactory() {
            @Override
            public ServerSocket createServerSocket(int port) throws IOException {
                return createServerSocket(port, 0);
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog) throws IOException {
                return createServerSocket(port, backlog, null);
            }

            @Override
            public ServerSocket createServerSocket(int port, int backlog, InetAddress address) throws IOException {
                return new WebSocketListener(new InetSocketAddress(address, port), backlog);
            }
        };
    }

    @Override
    protected TcpTransportServer createTcpTransportServer(URI location, ServerSocketFactory sockets)
            throws IOException, URISyntaxException {
        return new Server(location, sockets);
    }

    private record Endpoint(TcpTransportFactory transports, WireFormatFactory wireFormats) {}

    private final class Server extends TcpTransportServer {
        private final Map<WebSocketProtocol, Endpoint> endpoints = new EnumMap<>(WebSocketProtocol.class);

        Server(URI location, ServerSocketFactory sockets) throws IOException, URISyntaxException {
            super(WebSocketTransportFactory.this, location, sockets);
            // As the product does for MQTT: who comes again before the broker has noticed that it was gone is let in.
            setAllowLinkStealing(true);
            for (WebSocketProtocol protocol : WebSocketProtocol.values()) {
                TcpTransportFactory transports = protocol.newTransportFactory();
                ((BrokerServiceAware) transports).setBrokerService(brokerService);
                WireFormatFactory wireFormats = protocol.newWireFormatFactory();
                IntrospectionSupport.setProperties(
                        wireFormats, new HashMap<>(URISupport.parseParameters(location)), "wireFormat.");
                endpoints.put(protocol, new Endpoint(transports, wireFormats));
            }
        }

        @Override
        protected TransportInfo configureTransport(TcpTransportServer server, Socket socket) throws IOException {
            WebSocketConnection connection = (WebSocketConnection) socket;
            Endpoint endpoint = endpoints.get(connection.protocol());
            WireFormat format = endpoint.wireFormats().createWireFormat();
            return new TransportInfo(format, new WebSocketTransport(format, connection), endpoint.transports());
        }
    }

    private static final class WebSocketTransport extends TcpTransport {
        private final WebSocketConnection connection;

        WebSocketTransport(WireFormat format, WebSocketConnection connection) throws IOException {
            super(format, connection);
            this.connection = connection;
        }

        /** The product's stream passes nothing on of a flush: here is where one message of the WebSocket ends. */
        @Override
        public void oneway(Object command) throws IOException {
            super.oneway(command);
            connection.getOutputStream().flush();
        }

        @Override
        public String getRemoteAddress() {
            return "ws:/" + connection.getRemoteSocketAddress();
        }
    }
}
