package activemq.cluster;

import java.util.List;
import java.util.function.Supplier;
import org.apache.activemq.transport.amqp.AmqpTransportFactory;
import org.apache.activemq.transport.amqp.AmqpWireFormatFactory;
import org.apache.activemq.transport.mqtt.MQTTTransportFactory;
import org.apache.activemq.transport.mqtt.MQTTWireFormatFactory;
import org.apache.activemq.transport.stomp.StompTransportFactory;
import org.apache.activemq.transport.stomp.StompWireFormatFactory;
import org.apache.activemq.transport.tcp.TcpTransportFactory;
import org.apache.activemq.wireformat.WireFormatFactory;

/** What is spoken inside a WebSocket, told by the subprotocol that the client asks for. */
enum WebSocketProtocol {
    /** Subprotocols: the registry of IANA, "WebSocket Subprotocol Name"; stomp without a version: older clients. */
    STOMP(List.of("v12.stomp", "v11.stomp", "v10.stomp", "stomp"), StompTransportFactory::new, StompWireFormatFactory::new),
    /** Subprotocols: MQTT 3.1.1, section 6; mqttv3.1: older clients. */
    MQTT(List.of("mqtt", "mqttv3.1"), MQTTTransportFactory::new, MQTTWireFormatFactory::new),
    /** Subprotocols: AMQP WebSocket Binding 1.0, section 2.1; AMQPWSB10: its drafts. */
    AMQP(List.of("amqp", "AMQPWSB10"), AmqpTransportFactory::new, AmqpWireFormatFactory::new);

    private final List<String> subprotocols;
    private final Supplier<TcpTransportFactory> transportFactory;
    private final Supplier<WireFormatFactory> wireFormatFactory;

    WebSocketProtocol(
            List<String> subprotocols,
            Supplier<TcpTransportFactory> transportFactory,
            Supplier<WireFormatFactory> wireFormatFactory) {
        this.subprotocols = subprotocols;
        this.transportFactory = transportFactory;
        this.wireFormatFactory = wireFormatFactory;
    }

    boolean isNamed(String subprotocol) {
        return subprotocols.contains(subprotocol);
    }

    TcpTransportFactory newTransportFactory() {
        return transportFactory.get();
    }

    WireFormatFactory newWireFormatFactory() {
        return wireFormatFactory.get();
    }
}
