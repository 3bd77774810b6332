package activemq.cluster.client;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.jms.BytesMessage;
import javax.jms.DeliveryMode;
import javax.jms.InvalidDestinationException;
import javax.jms.JMSException;
import javax.jms.Message;
import javax.jms.MessageConsumer;
import javax.jms.MessageProducer;
import javax.jms.QueueBrowser;
import javax.jms.Session;
import javax.jms.TextMessage;
import javax.jms.TransactionRolledBackException;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.DestinationInfo;

/** One client of {@link SessionCommand}: a connection, which it opens when it needs one and leaves after an error. */
final class SessionClient {
    private final Connections connections;
    private final String name;
    private ActiveMQConnection connection;

    SessionClient(Connections connections, String name) {
        this.connections = connections;
        this.name = name;
    }

    /** Does it, and says what came of it: ok; fail, when it certainly had no effect; else unknown. */
    void perform(SessionCommand.Request request) {
        try {
            connect();
            switch (request.verb()) {
                case "send" -> send(request);
                case "receive" -> receive(request);
                case "create" -> create(queue(request.text("at")));
                case "remove" -> connection.destroyDestination(queue(request.text("at")));
                case "subscribe" -> subscribe(request);
                case "unsubscribe" -> unsubscribe(request);
                case "browse" -> browse(request);
                case "close" -> close();
                default -> throw new UsageException("no verb named " + request.verb());
            }
            end(request, "ok", "");
        } catch (JMSException | RuntimeException e) {
            end(request, isWithoutEffect(e) ? "fail" : "unknown", Json.describe(e));
            close();
        }
    }

    private static void end(SessionCommand.Request request, String result, String error) {
        Json.print("event", "end", "op", request.id(), "at", System.currentTimeMillis(), "result", result, "error", error);
    }

    /** A transaction that a failover leaves in doubt is rolled back by the client, but its commit may have been done before. */
    private static boolean isWithoutEffect(Exception e) {
        String message = String.valueOf(e.getMessage());
        return e instanceof InvalidDestinationException
                || (e instanceof TransactionRolledBackException && !message.contains("doubt"))
                || message.contains("still has an active subscription")
                || message.contains("Durable consumer is in use");
    }

    private void connect() throws JMSException {
        if (connection == null) {
            connection = connections.open(name);
        }
    }

    private void close() {
        if (connection != null) {
            Connections.close(connection);
            connection = null;
        }
    }

    private void send(SessionCommand.Request request) throws JMSException {
        String end = request.text("end");
        boolean transacted = !end.equals("single");
        Session session = connection.createSession(transacted, transacted ? Session.SESSION_TRANSACTED : Session.AUTO_ACKNOWLEDGE);
        MessageProducer producer = session.createProducer(null);
        int priority = request.number("priority");
        int expiryMillis = request.number("expiryMillis");
        String[] places = request.text("to").split(",");
        for (int i = 0; i < places.length; i++) {
            String id = request.id() + "." + i;
            TextMessage message = session.createTextMessage(Bodies.body(id, request.number("bytes")));
            if (request.text("properties").equals("true")) {
                Bodies.setProperties(message, id);
            }
            producer.send(destination(places[i]), message, DeliveryMode.PERSISTENT, priority, expiryMillis);
        }
        if (end.equals("commit")) {
            session.commit();
        } else if (end.equals("rollback")) {
            session.rollback();
        }
        session.close();
    }

    private void receive(SessionCommand.Request request) throws JMSException {
        String ack = request.text("ack");
        Session session = switch (ack) {
            case "transaction" -> connection.createSession(true, Session.SESSION_TRANSACTED);
            case "client" -> connection.createSession(false, Session.CLIENT_ACKNOWLEDGE);
            case "individual" -> connection.createSession(false, ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE);
            default -> connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        };
        MessageConsumer consumer = consumer(session, request.text("from"), request.text("selector"));
        Message last = null;
        int waitMillis = request.number("wait");
        for (int left = request.number("count"); left > 0; left--) {
            Message message = consumer.receive(waitMillis);
            if (message == null) {
                break;
            }
            last = message;
            delivered(request, message);
            if (ack.equals("individual")) {
                message.acknowledge();
            }
        }
        switch (request.text("end")) {
            case "commit" -> session.commit();
            case "rollback" -> session.rollback();
            case "acknowledge" -> {
                if (last != null && ack.equals("client")) {
                    last.acknowledge();
                }
            }
            default -> {
                // It leaves.
            }
        }
        consumer.close();
        session.close();
    }

    private static void delivered(SessionCommand.Request request, Message message) throws JMSException {
        String body = Bodies.of(message);
        Json.print(
                "event", "delivery",
                "op", request.id(),
                "message", Bodies.id(body),
                "at", System.currentTimeMillis(),
                "redelivered", message.getJMSRedelivered(),
                "damaged", Bodies.isDamaged(body) || !Bodies.hasItsProperties(message, Bodies.id(body)));
    }

    private void subscribe(SessionCommand.Request request) throws JMSException {
        Session session = Connections.session(connection);
        consumer(session, request.text("at"), request.text("selector")).close();
        session.close();
    }

    private void unsubscribe(SessionCommand.Request request) throws JMSException {
        Session session = Connections.session(connection);
        session.unsubscribe(subscriptionName(request.text("at")));
        session.close();
    }

    private void create(ActiveMQQueue queue) throws JMSException {
        connection.syncSendPacket(
                new DestinationInfo(connection.getConnectionInfo().getConnectionId(), DestinationInfo.ADD_OPERATION_TYPE, queue));
    }

    private void browse(SessionCommand.Request request) throws JMSException {
        Session session = Connections.session(connection);
        QueueBrowser browser = session.createBrowser(queue(request.text("at")));
        List<String> ids = new ArrayList<>();
        for (Enumeration<?> messages = browser.getEnumeration(); messages.hasMoreElements(); ) {
            ids.add(Bodies.id(Bodies.of((Message) messages.nextElement())));
        }
        browser.close();
        session.close();
        Json.print("event", "browsed", "op", request.id(), "ids", String.join(",", ids));
    }

    /** @param selector of a subscriber; empty: it wants all */
    private static MessageConsumer consumer(Session session, String place, String selector) throws JMSException {
        if (!place.startsWith("subscription://")) {
            return session.createConsumer(destination(place));
        }
        String selected = selector.isEmpty() ? null : selector;
        return session.createDurableSubscriber(new ActiveMQTopic(topicName(place)), subscriptionName(place), selected, false);
    }

    /** Of {@code subscription://client/name/topic}; the topic is part of it, or another topic would replace the subscription. */
    private static String subscriptionName(String place) {
        String[] parts = place.split("/");
        return parts[3] + "-" + parts[4];
    }

    private static String topicName(String place) {
        return place.split("/")[4];
    }

    private static ActiveMQDestination destination(String place) {
        return ActiveMQDestination.createDestination(place, ActiveMQDestination.QUEUE_TYPE);
    }

    private static ActiveMQQueue queue(String place) {
        return (ActiveMQQueue) destination(place);
    }

    /** Bodies that tell which message they are of, in every protocol: {@code id|length|xxx}. */
    private static final class Bodies {
        private static final Pattern BODY = Pattern.compile("((?:openwire|stomp|amqp|mqtt)\\d+:\\d+\\.\\d+)\\|(\\d+)\\|x*");

        /** What a message says; what came by AMQP may be bytes with its text among them. */
        static String of(Message message) throws JMSException {
            if (message instanceof TextMessage text) {
                return text.getText();
            }
            if (message instanceof BytesMessage bytes) {
                byte[] content = new byte[(int) bytes.getBodyLength()];
                bytes.readBytes(content);
                return new String(content, StandardCharsets.ISO_8859_1);
            }
            return "";
        }

        static String body(String id, int bytes) {
            String head = id + "|" + bytes + "|";
            return head + "x".repeat(Math.max(0, bytes - head.length()));
        }

        static String id(String body) {
            Matcher found = BODY.matcher(body);
            return found.find() ? found.group(1) : "";
        }

        static boolean isDamaged(String body) {
            Matcher found = BODY.matcher(body);
            return !found.find() || !found.group().equals(body(found.group(1), Integer.parseInt(found.group(2))));
        }

        static void setProperties(Message message, String id) throws JMSException {
            message.setStringProperty("text", id);
            message.setIntProperty("number", id.length());
        }

        static boolean hasItsProperties(Message message, String id) throws JMSException {
            boolean[] there = {message.propertyExists("text"), message.propertyExists("number")};
            if (!there[0] || !there[1]) {
                return there[0] == there[1];
            }
            return message.getStringProperty("text").equals(id) && message.getIntProperty("number") == id.length();
        }
    }
}
