import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;
import javax.jms.Connection;
import javax.jms.JMSException;
import javax.jms.Session;
import javax.jms.TopicSubscriber;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQMessageConsumer;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.broker.ProducerBrokerExchange;
import org.apache.activemq.broker.region.Topic;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.ProducerInfo;
import org.apache.activemq.command.SubscriptionInfo;
import org.apache.activemq.filter.NonCachedMessageEvaluationContext;
import org.apache.activemq.leveldb.DelayableUOW;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.state.ProducerState;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.store.TopicMessageStore;

/**
 * What durable subscribers get from the successor of a killed broker, after something was acknowledged that is not the next message.
 * Prints for each case which messages a subscriber should have got, which it got, and how many its subscription then still counts.
 */
class SubscriberPlaceCheck {
    private static final String CLIENT = "client";
    private static final String NAME = "subscription";
    private static final int QUIET_MILLIS = 700;
    private static final int PATIENCE_MILLIS = 20_000;
    /** Who would be told of a failure. */
    private static final Object NOBODY = null;

    private final String who;
    private final Path folder;
    private final String topic;
    private BrokerService broker;
    private LevelDBStore store;
    private int lives;

    private interface Case {
        void play(SubscriberPlaceCheck check) throws Exception;
    }

    private interface AtStore {
        Object result(SubscriberPlaceCheck check) throws Exception;
    }

    private SubscriberPlaceCheck(String who, Path folder, String topic) {
        this.who = who;
        this.folder = folder;
        this.topic = topic;
    }

    public static void main(String[] args) throws Exception {
        for (String who : new String[] {"product", "master"}) {
            run(who, "in order", "topic", "3 4", check -> {
                check.subscribe("topic", null);
                check.publish(1, 2, 3, 4);
                check.acknowledge("topic", null, 1, 2);
            });
            run(who, "sent again", "topic", "1 2 3 4", check -> check.sentAgain("topic"));
            run(who, "sent again, wildcard", "part.one", "1 2 3 4", check -> check.sentAgain("part.>"));
            run(who, "sent again, subscriber away", "topic", "", check -> {
                check.subscribe("topic", null);
                check.publish(1, 2, 3, 4);
                check.fail();
                // While the subscriber is away: the successor's cursor reads both copies from the store, and gives the first one.
                check.publish(4);
                check.acknowledge("topic", null, 1, 2, 3, 4);
            });
            run(who, "handed over twice", "topic", "2", check -> {
                check.subscribe("topic", null);
                check.fail();
                Message late = check.message(2, 0);
                late.setRegionDestination(check.topic());
                check.topicStore().addMessage(new ConnectionContext(), check.message(1, 0));
                check.topicStore().addMessage(new ConnectionContext(), late);
                Connection connection = check.connect();
                TopicSubscriber subscriber = check.subscriber(connection, Session.CLIENT_ACKNOWLEDGE, "topic", null);
                subscriber.receive(PATIENCE_MILLIS).acknowledge();
                await(() -> check.held() == 1);
                // As behind a commit: the message is in the store already, and the subscriber has it.
                check.dispatch(late);
                connection.close();
            });
            run(who, "selector, subscriber there", "topic", "1 3", check -> {
                check.subscribe("topic", "number = 1 or number = 3");
                Connection connection = check.connect();
                check.subscriber(connection, Session.CLIENT_ACKNOWLEDGE, "topic", "number = 1 or number = 3");
                check.publish(1, 2, 3, 4);
                connection.close();
            });
            run(who, "selector, subscriber away", "topic", "1 3", check -> {
                check.subscribe("topic", "number = 1 or number = 3");
                check.publish(1, 2, 3, 4);
            });
            run(who, "selector, all acknowledged", "topic", "", check -> {
                check.subscribe("topic", "number = 2 or number = 4");
                check.publish(1, 2, 3, 4, 5);
                check.acknowledge("topic", "number = 2 or number = 4", 2, 4);
            });
            run(who, "expired", "topic", "1 2", check -> {
                check.subscribe("topic", null);
                check.publish(1, 2);
                check.send(check.message(3, 1));
                Thread.sleep(50);
                check.topic().browse();
            });
            run(who, "acknowledged singly", "topic", "1 2", check -> {
                check.subscribe("topic", null);
                check.publish(1, 2, 3);
                check.receive(ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE, null, 3, 3);
            });
            run(who, "the gap is closed", "topic", "4", check -> {
                check.subscribe("topic", null);
                check.publish(1, 2, 3, 4);
                check.receive(ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE, null, 3, 3);
                check.acknowledge("topic", null, 1, 2);
            });
            run(who, "priorities", "topic", "1 2", check -> {
                check.subscribe("topic", null);
                check.publish(1, 2);
                Message urgent = check.message(3, 0);
                urgent.setPriority((byte) 9);
                check.send(urgent);
                check.receive(Session.CLIENT_ACKNOWLEDGE, null, 1, 3);
            });
            run(who, "several subscriptions", "topic", "1 2 3 4", check -> {
                Connection other = check.connect("other");
                check.subscriber(other, Session.AUTO_ACKNOWLEDGE, "topic", null).setMessageListener(message -> { });
                check.sentAgain("topic");
            });
            atStore(who, "not stored", SubscriberPlaceCheck::notStored);
            atStore(who, "written in another order", SubscriberPlaceCheck::otherOrder);
            atStore(who, "half made", SubscriberPlaceCheck::halfMade);
            System.out.println(who + ", while loading: " + loading(who));
        }
        // The stores' threads would keep the process.
        System.exit(0);
    }

    /** @param expected what the subscriber should get from the last broker */
    private static void run(String who, String what, String topic, String expected, Case play) throws Exception {
        Path folder = Files.createTempDirectory("amq-store-");
        SubscriberPlaceCheck check = new SubscriberPlaceCheck(who, folder, topic);
        try {
            check.start();
            play.play(check);
            check.fail();
            System.out.println(who + ", " + what + ": expected [" + expected + "], got " + check.rest());
            check.broker.stop();
        } finally {
            Support.remove(folder);
        }
    }

    /** The successor's subscriber holds all messages when the last one comes again, and leaves without an acknowledgment. */
    private void sentAgain(String subscribed) throws Exception {
        subscribe(subscribed, null);
        publish(1, 2, 3, 4);
        fail();
        Connection connection = connect();
        subscriber(connection, Session.CLIENT_ACKNOWLEDGE, subscribed, null);
        await(() -> held() == 4);
        publish(4);
        connection.close();
    }

    private static void atStore(String who, String what, AtStore call) throws Exception {
        Path folder = Files.createTempDirectory("amq-store-");
        SubscriberPlaceCheck check = new SubscriberPlaceCheck(who, folder, "topic");
        try {
            check.start();
            check.subscribe("topic", null);
            System.out.println(who + ", " + what + ": " + call.result(check));
            check.broker.stop();
        } finally {
            Support.remove(folder);
        }
    }

    /** Of a message that was published while no subscription was there, to somebody who subscribed meanwhile. */
    private String notStored() throws Exception {
        Message message = message(1, 0);
        try {
            var ack = new MessageAck(message, MessageAck.STANDARD_ACK_TYPE, 1);
            topicStore().acknowledge(new ConnectionContext(), CLIENT, NAME, message.getMessageId(), ack);
            return "acknowledged";
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName();
        }
    }

    /** The message with the first number is written after the one with the second, as those of two transactions may be. */
    private String otherOrder() throws Exception {
        var topic = (LevelDBStore.LevelDBTopicMessageStore) topicStore();
        DelayableUOW unit = store.db().createUow();
        var first = topic.doAdd(unit, new ConnectionContext(), message(1, 0), false);
        Message second = message(2, 0);
        topic.addMessage(new ConnectionContext(), second);
        List<Integer> before = read();
        var ack = new MessageAck(second, MessageAck.STANDARD_ACK_TYPE, 1);
        topic.acknowledge(new ConnectionContext(), CLIENT, NAME, second.getMessageId(), ack);
        unit.release();
        first.get();
        return "read " + before + " and " + read() + ", " + topic.getMessageCount(CLIENT, NAME) + " left";
    }

    /** The broker is killed between the two records of a second subscription. */
    private String halfMade() throws Exception {
        publish(1, 2);
        var half = new SubscriptionInfo("other", NAME);
        half.setDestination(new ActiveMQTopic("topic"));
        half.setSubscribedDestination(half.getDestination());
        store.db().addSubscription(((LevelDBStore.LevelDBTopicMessageStore) topicStore()).key(), half);
        fail();
        return topicStore().getMessageCount("other", NAME) + " from before";
    }

    private List<Integer> read() throws Exception {
        List<Integer> numbers = new ArrayList<>();
        topicStore().recoverNextMessages(CLIENT, NAME, 10, new MessageRecoveryListener() {
            @Override
            public boolean recoverMessage(Message message) throws Exception {
                return numbers.add((Integer) message.getProperty("number"));
            }

            @Override
            public boolean recoverMessageReference(MessageId message) {
                return false;
            }

            @Override
            public boolean hasSpace() {
                return true;
            }

            @Override
            public boolean isDuplicate(MessageId message) {
                return false;
            }
        });
        return numbers;
    }

    /** From where on topics keep their messages, when the first of them is loaded and its subscriptions are not. */
    private static String loading(String who) throws Exception {
        LevelDBStore store = Support.store(who, NOBODY);
        store.createTopicMessageStore(new ActiveMQTopic("topic"), 1);
        return "removes of " + store.getTopicGCPositions().size() + " topics";
    }

    private void subscribe(String subscribed, String selector) throws Exception {
        Connection connection = connect();
        subscriber(connection, Session.CLIENT_ACKNOWLEDGE, subscribed, selector);
        connection.close();
    }

    /** One after the other, as they come. */
    private void acknowledge(String subscribed, String selector, int... numbers) throws Exception {
        Connection connection = connect();
        TopicSubscriber subscriber = subscriber(connection, Session.CLIENT_ACKNOWLEDGE, subscribed, selector);
        for (int number : numbers) {
            javax.jms.Message message = subscriber.receive(PATIENCE_MILLIS);
            if (numberOf(message) != number) throw new IllegalStateException(message + " instead of " + number);
            message.acknowledge();
        }
        // Acknowledgments are sent ahead; the answer to this comes behind them.
        connection.createSession(false, Session.AUTO_ACKNOWLEDGE).createTemporaryQueue();
        connection.close();
    }

    /** Receives some once all are there, and acknowledges the last of them. */
    private void receive(int mode, String selector, int count, int last) throws Exception {
        Connection connection = connect();
        TopicSubscriber subscriber = subscriber(connection, mode, topic, selector);
        await(() -> ((ActiveMQMessageConsumer) subscriber).getMessageSize() >= 3);
        javax.jms.Message message = null;
        for (int i = 0; i < count; i++) message = subscriber.receive(PATIENCE_MILLIS);
        if (numberOf(message) != last) throw new IllegalStateException(message + " instead of " + last);
        message.acknowledge();
        connection.createSession(false, Session.AUTO_ACKNOWLEDGE).createTemporaryQueue();
        connection.close();
    }

    /** What the subscriber gets, and what its subscription counts once it has acknowledged all of it. */
    private String rest() throws Exception {
        var subscription = topic().getDurableTopicSubs().values().stream()
                .filter(one -> one.getSubscriptionKey().getClientId().equals(CLIENT)).findFirst().orElseThrow();
        var info = subscription.getConsumerInfo();
        List<Integer> numbers = new ArrayList<>();
        Connection connection = connect();
        TopicSubscriber subscriber =
                subscriber(connection, Session.CLIENT_ACKNOWLEDGE, info.getDestination().getPhysicalName(), info.getSelector());
        for (javax.jms.Message message; (message = subscriber.receive(QUIET_MILLIS)) != null; ) {
            numbers.add(numberOf(message));
            message.acknowledge();
        }
        connection.createSession(false, Session.AUTO_ACKNOWLEDGE).createTemporaryQueue();
        connection.close();
        // One of a higher priority overtakes the others when it is there in time.
        Collections.sort(numbers);
        return numbers + ", " + topicStore().getMessageCount(CLIENT, NAME) + " left";
    }

    private static int numberOf(javax.jms.Message message) throws JMSException {
        return message == null ? 0 : message.getIntProperty("number");
    }

    private Connection connect() throws JMSException {
        return connect(CLIENT);
    }

    private static Connection connect(String client) throws JMSException {
        Connection connection = new ActiveMQConnectionFactory("vm://broker?create=false&jms.messagePrioritySupported=true").createConnection();
        connection.setClientID(client);
        connection.start();
        return connection;
    }

    private static TopicSubscriber subscriber(Connection connection, int mode, String subscribed, String selector) throws JMSException {
        Session session = connection.createSession(false, mode);
        return session.createDurableSubscriber(new ActiveMQTopic(subscribed), NAME, selector, false);
    }

    private Topic topic() throws Exception {
        return (Topic) broker.getDestination(new ActiveMQTopic(topic));
    }

    private TopicMessageStore topicStore() throws Exception {
        return (TopicMessageStore) topic().getMessageStore();
    }

    /** How many messages the subscriber has and has not acknowledged. */
    private int held() {
        try {
            return topic().getDurableTopicSubs().values().stream()
                    .filter(one -> one.getSubscriptionKey().getClientId().equals(CLIENT))
                    .mapToInt(one -> one.getDispatchedQueueSize()).sum();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!condition.getAsBoolean()) {
            if (System.currentTimeMillis() > end) throw new IllegalStateException("not reached in " + PATIENCE_MILLIS + " ms");
            Thread.sleep(10);
        }
    }

    private void publish(int... numbers) throws Exception {
        for (int number : numbers) send(message(number, 0));
    }

    private Message message(int number, int lifeMillis) throws Exception {
        ActiveMQTextMessage message = new ActiveMQTextMessage();
        message.setMessageId(new MessageId("ID:check-1:1:1:1", number));
        message.setProducerId(message.getMessageId().getProducerId());
        message.setDestination(new ActiveMQTopic(topic));
        message.setPersistent(true);
        message.setResponseRequired(true);
        message.setTimestamp(System.currentTimeMillis());
        if (lifeMillis > 0) message.setExpiration(message.getTimestamp() + 20);
        message.setIntProperty("number", number);
        return message;
    }

    private void dispatch(Message message) throws Exception {
        Method dispatch = Topic.class.getDeclaredMethod("dispatch", ConnectionContext.class, Message.class);
        dispatch.setAccessible(true);
        ConnectionContext context = new ConnectionContext(new NonCachedMessageEvaluationContext());
        context.setBroker(broker.getBroker());
        dispatch.invoke(topic(), context, message);
    }

    /** As a connection does it that a client uses. */
    private void send(Message message) throws Exception {
        ConnectionContext context = new ConnectionContext(new NonCachedMessageEvaluationContext());
        context.setBroker(broker.getBroker());
        context.setSecurityContext(org.apache.activemq.security.SecurityContext.BROKER_SECURITY_CONTEXT);
        ProducerBrokerExchange exchange = new ProducerBrokerExchange();
        exchange.setConnectionContext(context);
        exchange.setProducerState(new ProducerState(new ProducerInfo(message.getProducerId())));
        exchange.setMutable(true);
        broker.getBroker().send(exchange, message);
    }

    /** The successor has what is in the log. */
    private void fail() throws Exception {
        BrokerService killed = broker;
        Path from = folder.resolve(String.valueOf(lives));
        Path to = folder.resolve(String.valueOf(++lives));
        Support.copyLogs(from, to);
        killed.stop();
        start();
    }

    private void start() throws Exception {
        broker = new BrokerService();
        broker.setBrokerName("broker");
        broker.setUseJmx(false);
        broker.setAdvisorySupport(false);
        broker.setUseShutdownHook(false);
        Path place = folder.resolve(String.valueOf(lives));
        broker.setDataDirectory(place.resolve("data").toString());
        store = Support.store(who, NOBODY);
        store.setDirectory(place.toFile());
        // As we render it.
        store.setMaxFailoverProducersToTrack(0);
        broker.setPersistenceAdapter(store);
        broker.start();
        broker.waitUntilStarted();
    }
}
