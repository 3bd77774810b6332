import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.Session;
import jakarta.jms.TopicSubscriber;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.activemq.ActiveMQMessageConsumer;
import org.apache.activemq.ActiveMQSession;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.broker.ProducerBrokerExchange;
import org.apache.activemq.broker.region.DurableTopicSubscription;
import org.apache.activemq.broker.region.Topic;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageAck;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.ProducerInfo;
import org.apache.activemq.command.TransactionId;
import org.apache.activemq.command.XATransactionId;
import org.apache.activemq.filter.NonCachedMessageEvaluationContext;
import org.apache.activemq.security.SecurityContext;
import org.apache.activemq.state.ProducerState;
import org.apache.activemq.store.MessageRecoveryListener;
import org.apache.activemq.store.ProxyTopicMessageStore;
import org.apache.activemq.store.TopicMessageStore;

/**
 * What durable subscribers get from the next master, after something was acknowledged that is not the next message. Prints for each case
 * which messages a subscriber should have got, which it got, and how many its subscription then still counts. Arguments: those of Group.
 */
class SubscriptionCheck {
    private static final String NAME = "subscription";
    private static final int PATIENCE_MILLIS = 20_000;
    /** Of what never comes. */
    private static final int STALLED_MILLIS = 3000;
    /** Is published at the end: nothing comes behind it. */
    private static final int END = 99;
    private static final String ODD = "number = 1 or number = 3 or number = " + END;
    /** More than a cursor reads at once. */
    private static final int MANY = 1000;

    private final Group group;
    private final String what;
    private final String expected;
    private final String topic;
    private final String client;
    private final Play before;
    private final Play between;
    private String result;

    private interface Play {
        void play(SubscriptionCheck check) throws Exception;
    }

    /**
     * @param topic    what is behind the first dot of its name is the policy's part
     * @param expected what the subscriber should get from the third master
     * @param before   what happens with the first master
     * @param between  what happens with the second one, or null
     */
    private SubscriptionCheck(Group group, String topic, String what, String expected, Play before, Play between) {
        this.group = group;
        this.what = what;
        this.expected = expected;
        this.topic = topic + "." + what.replaceAll("[ ,]+", "-");
        client = what;
        this.before = before;
        this.between = between;
    }

    public static void main(String[] args) throws Exception {
        try (Group group = new Group(args)) {
            List<SubscriptionCheck> cases = new ArrayList<>(cases(group));
            if (group.isInDatabase()) cases.addAll(casesInDatabase(group));
            group.start();
            for (SubscriptionCheck one : cases) one.before.play(one);
            group.fail();
            for (SubscriptionCheck one : cases) {
                if (one.between != null) one.between.play(one);
            }
            group.fail();
            for (SubscriptionCheck one : cases) {
                System.out.println(args[0] + ", " + one.what + ": expected [" + one.expected + "], got " + one.rest());
            }
        }
        System.exit(0);
    }

    private static List<SubscriptionCheck> cases(Group group) {
        return List.of(
                plain(group, "in order", "3 4", check -> {
                    check.subscribe(null);
                    check.publish(1, 2, 3, 4);
                    check.acknowledge(null, 1, 2);
                }),
                sentAgain(group, "sent again", check -> check.topic),
                sentAgain(group, "sent again, wildcard", check -> check.topic.replaceFirst("[^.]*$", "*")),
                new SubscriptionCheck(group, "plain", "sent again, subscriber away", "", check -> {
                    check.subscribe(null);
                    check.publish(1, 2, 3, 4);
                }, check -> {
                    // While the subscriber is away: the master's cursor reads both copies from the store, and gives the first one.
                    check.publish(4);
                    check.acknowledge(null, 1, 2, 3, 4);
                }),
                new SubscriptionCheck(group, "plain", "sent again, another subscriber has read both", "1 2 3 4", check -> {
                    Connection other = check.connect("other");
                    subscriber(other, Session.AUTO_ACKNOWLEDGE, check.topic, null).setMessageListener(message -> {});
                    check.subscribe(null);
                    check.publish(1, 2, 3, 4);
                }, check -> {
                    Connection other = check.connect("other");
                    subscriber(other, Session.AUTO_ACKNOWLEDGE, check.topic, null).setMessageListener(message -> {});
                    check.sendAgain(check.topic);
                }),
                new SubscriptionCheck(group, "plain", "handed over twice", "2", check -> check.subscribe(null), check -> {
                    Message late = check.message(2, 0);
                    late.setRegionDestination(check.topic());
                    check.topicStore().addMessage(new ConnectionContext(), check.message(1, 0));
                    check.topicStore().addMessage(new ConnectionContext(), late);
                    Connection connection = check.connect(check.client);
                    subscriber(connection, Session.CLIENT_ACKNOWLEDGE, check.topic, null).receive(PATIENCE_MILLIS).acknowledge();
                    await(() -> check.held() == 1);
                    // As behind a commit: the message is in the store already, and the subscriber has it.
                    check.dispatch(late);
                    connection.close();
                }),
                plain(group, "expired", "1 2", check -> {
                    check.subscribe(null);
                    check.publish(1, 2);
                    check.send(check.message(3, 20));
                    Thread.sleep(50);
                    check.topic().browse();
                }),
                plain(group, "acknowledged singly", "1 2", SubscriptionCheck::singly),
                plain(group, "acknowledged singly, priorities told apart", "1 2", "prioritized", SubscriptionCheck::singly),
                plain(group, "acknowledged singly, the rest by the same master", "", check -> {
                    check.singly();
                    check.acknowledge(null, 1, 2);
                }),
                plain(group, "acknowledged singly, the gap is closed", "4", check -> {
                    check.singly();
                    check.publish(4);
                    check.acknowledge(null, 1, 2);
                }),
                plain(group, "acknowledged singly, unused messages are removed", "1 2", check -> {
                    check.singly();
                    group.cleanUp();
                }),
                plain(group, "priorities", "1 2", check -> check.urgentFirst(Session.CLIENT_ACKNOWLEDGE)),
                plain(group, "priorities, in a transaction", "1 2", check -> check.urgentFirst(Session.SESSION_TRANSACTED)),
                plain(group, "priorities told apart", "1 2", "prioritized", check -> check.urgentFirst(Session.CLIENT_ACKNOWLEDGE)),
                plain(group, "a transaction rolled back", "2 3", check -> {
                    check.subscribe(null);
                    check.publish(1, 2, 3);
                    Connection connection = check.connect(check.client);
                    Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
                    TopicSubscriber subscriber = session.createDurableSubscriber(new ActiveMQTopic(check.topic), NAME, null, false);
                    subscriber.receive(PATIENCE_MILLIS);
                    session.commit();
                    subscriber.receive(PATIENCE_MILLIS);
                    subscriber.receive(PATIENCE_MILLIS);
                    session.rollback();
                    connection.close();
                }),
                plain(group, "selector, subscriber there", "1 3", check -> {
                    check.subscribe(ODD);
                    Connection connection = check.connect(check.client);
                    subscriber(connection, Session.CLIENT_ACKNOWLEDGE, check.topic, ODD);
                    check.publish(1, 2, 3, 4);
                    connection.close();
                }),
                plain(group, "selector, subscriber away", "1 3", check -> {
                    check.subscribe(ODD);
                    check.publish(1, 2, 3, 4);
                }),
                plain(group, "selector, all acknowledged", "", check -> {
                    check.subscribe(ODD);
                    check.publish(0, 1, 2, 3, 4);
                    check.acknowledge(ODD, 1, 3);
                }),
                plain(group, "selector, wanted messages far between", "1", check -> {
                    check.subscribe(ODD);
                    for (int i = 0; i < MANY; i++) check.topicStore().addMessage(new ConnectionContext(), check.message(2 * i, 0));
                    check.topicStore().addMessage(new ConnectionContext(), check.message(1, 0));
                }),
                plain(group, "unsubscribed", "5", check -> {
                    check.singly();
                    Connection connection = check.connect(check.client);
                    connection.createSession(false, Session.AUTO_ACKNOWLEDGE).unsubscribe(NAME);
                    connection.close();
                    check.publish(4);
                    check.subscribe(null);
                    check.publish(5);
                }),
                plain(group, "not stored", "2", check -> {
                    check.subscribe(null);
                    check.publish(1);
                    check.acknowledge(null, 1);
                    // As of a message that was published while the topic's first subscription was made.
                    check.acknowledged(check.topicStore(), null, 7);
                    check.publish(2);
                }));
    }

    /** With what happens in a database meanwhile. */
    private static List<SubscriptionCheck> casesInDatabase(Group group) {
        return List.of(
                plain(group, "published in a transaction that ends later", "1", check -> {
                    check.subscribe(null);
                    Connection connection = check.connect(check.client);
                    TopicSubscriber subscriber = subscriber(connection, Session.CLIENT_ACKNOWLEDGE, check.topic, null);
                    ConnectionContext open = group.begin();
                    check.rows().addMessage(open, check.message(1, 0));
                    check.publish(2);
                    subscriber.receive(PATIENCE_MILLIS).acknowledge();
                    sync(connection);
                    connection.close();
                    group.store().commitTransaction(open);
                }),
                new SubscriptionCheck(group, "plain", "published in a transaction that ends later, read", "1 2", check -> check.subscribe(null), check -> {
                    ConnectionContext open = group.begin();
                    check.rows().addMessage(open, check.message(1, 0));
                    check.rows().addMessage(new ConnectionContext(), check.message(2, 0));
                    check.result = ", reads " + check.read();
                    group.store().commitTransaction(open);
                    check.result += " and then " + check.read();
                }),
                plain(group, "acknowledged while a transaction is under way elsewhere", "", check -> {
                    check.subscribe(null);
                    ConnectionContext open = group.begin();
                    long before = group.place(check.client);
                    check.publish(1);
                    check.acknowledge(null, 1);
                    group.store().commitTransaction(open);
                    await(() -> group.place(check.client) > before);
                }),
                plain(group, "selector, unused messages are removed", "", check -> {
                    check.subscribe(ODD);
                    check.publish(0, 2, 4);
                    group.cleanUp();
                    check.result = ", " + group.rows(check.topic) + " rows";
                }),
                plain(group, "published in a transaction that is rolled back", "3", check -> {
                    check.subscribe(null);
                    ConnectionContext open = group.begin();
                    check.rows().addMessage(open, check.message(1, 0));
                    check.publish(2);
                    check.acknowledge(null, 2);
                    group.store().rollbackTransaction(open);
                    group.cleanUp();
                    check.publish(3);
                }),
                plain(group, "subscribed while a message is published", "1", check -> {
                    ConnectionContext open = group.begin();
                    check.rows().addMessage(open, check.message(1, 0));
                    group.store().createQueueMessageStore(new ActiveMQQueue("queue")).addMessage(new ConnectionContext(), check.message(5, 0));
                    check.subscribe(null);
                    group.store().commitTransaction(open);
                }),
                prepared(group, "acknowledged in a prepared transaction that the next master commits", "3", 1, 2),
                prepared(group, "acknowledged singly in a prepared transaction that the next master commits", "1 2", 3),
                new SubscriptionCheck(group, "plain", "acknowledged singly in a prepared transaction that is committed", "1 2", check -> {
                    check.prepare(xid(check.what), 3);
                    group.store().createTransactionStore().commit(xid(check.what), true, null, null);
                }, check -> {
                    List<TransactionId> prepared = List.of(group.broker().getBroker().getPreparedTransactions(check.context()));
                    check.result = prepared.contains(xid(check.what)) ? ", prepared" : ", committed";
                }),
                plain(group, "an acknowledgment that the database refuses", "1", check -> {
                    check.subscribe(null);
                    check.publish(1, 2);
                    group.refuse(true);
                    check.refused(() -> check.acknowledged(check.rows(), null, 1));
                    group.refuse(false);
                    check.acknowledged(check.rows(), null, 2);
                }),
                plain(group, "an acknowledgment in a transaction that the database refuses", "1", check -> {
                    check.subscribe(null);
                    check.publish(1, 2);
                    group.refuse(true);
                    ConnectionContext open = group.begin();
                    check.acknowledged(check.rows(), open, 1);
                    check.refused(() -> group.store().commitTransaction(open));
                    group.refuse(false);
                    check.acknowledged(check.rows(), null, 2);
                }));
    }

    private static SubscriptionCheck plain(Group group, String what, String expected, Play before) {
        return plain(group, what, expected, "plain", before);
    }

    private static SubscriptionCheck plain(Group group, String what, String expected, String topic, Play before) {
        return new SubscriptionCheck(group, topic, what, expected, before, null);
    }

    private interface Name {
        String of(SubscriptionCheck check);
    }

    private static SubscriptionCheck sentAgain(Group group, String what, Name subscribed) {
        return new SubscriptionCheck(group, "plain." + what.length(), what, "1 2 3 4", check -> {
            check.subscribe(subscribed.of(check), null);
            check.publish(1, 2, 3, 4);
        }, check -> check.sendAgain(subscribed.of(check)));
    }

    private static SubscriptionCheck prepared(Group group, String what, String expected, int... numbers) {
        XATransactionId xid = xid(what);
        return new SubscriptionCheck(group, "plain", what, expected, check -> check.prepare(xid, numbers),
                check -> group.broker().getBroker().commitTransaction(check.context(), xid, false));
    }

    private static XATransactionId xid(String name) {
        XATransactionId xid = new XATransactionId();
        xid.setFormatId(1);
        xid.setGlobalTransactionId(String.valueOf(name.hashCode()).getBytes(StandardCharsets.UTF_8));
        xid.setBranchQualifier(new byte[] {1});
        return xid;
    }

    /** Acknowledges some of three messages. */
    private void prepare(XATransactionId xid, int... numbers) throws Exception {
        subscribe(null);
        publish(1, 2, 3);
        for (int number : numbers) {
            Message message = message(number, 0);
            MessageAck ack = new MessageAck(message, MessageAck.STANDARD_ACK_TYPE, 1);
            ack.setTransactionId(xid);
            topicStore().acknowledge(new ConnectionContext(), client, NAME, message.getMessageId(), ack);
        }
        group.store().createTransactionStore().prepare(xid);
    }

    /** The subscriber holds all messages when the last one comes again, and leaves without an acknowledgment. */
    private void sendAgain(String subscribed) throws Exception {
        Connection connection = connect(client);
        subscriber(connection, Session.CLIENT_ACKNOWLEDGE, subscribed, null);
        await(() -> held() == 4);
        publish(4);
        connection.close();
    }

    /** Acknowledges the last of three alone. */
    private void singly() throws Exception {
        subscribe(null);
        publish(1, 2, 3);
        receive(ActiveMQSession.INDIVIDUAL_ACKNOWLEDGE, 3);
    }

    /** Acknowledges the last of three alone, as its priority is the highest. */
    private void urgentFirst(int mode) throws Exception {
        subscribe(null);
        publish(1, 2);
        Message urgent = message(3, 0);
        urgent.setPriority((byte) 9);
        send(urgent);
        receive(mode, 1);
    }

    private void subscribe(String selector) throws Exception {
        subscribe(topic, selector);
    }

    private void subscribe(String subscribed, String selector) throws Exception {
        Connection connection = connect(client);
        subscriber(connection, Session.CLIENT_ACKNOWLEDGE, subscribed, selector);
        connection.close();
    }

    /** One after the other, as they come. */
    private void acknowledge(String selector, int... numbers) throws Exception {
        Connection connection = connect(client);
        TopicSubscriber subscriber = subscriber(connection, Session.CLIENT_ACKNOWLEDGE, topic, selector);
        for (int number : numbers) {
            jakarta.jms.Message message = subscriber.receive(PATIENCE_MILLIS);
            if (numberOf(message) != number) throw new IllegalStateException(what + ": " + message + " instead of " + number);
            message.acknowledge();
        }
        sync(connection);
        connection.close();
    }

    /** Receives some once all three are there, and acknowledges the last of them, which is number 3. */
    private void receive(int mode, int count) throws Exception {
        Connection connection = connect(client);
        boolean transacted = mode == Session.SESSION_TRANSACTED;
        Session session = connection.createSession(transacted, mode);
        TopicSubscriber subscriber = session.createDurableSubscriber(new ActiveMQTopic(topic), NAME, null, false);
        await(() -> ((ActiveMQMessageConsumer) subscriber).getMessageSize() == 3);
        jakarta.jms.Message message = null;
        for (int i = 0; i < count; i++) message = subscriber.receive(PATIENCE_MILLIS);
        if (numberOf(message) != 3) throw new IllegalStateException(what + ": " + message + " is not number 3");
        if (transacted) session.commit();
        else message.acknowledge();
        sync(connection);
        connection.close();
    }

    /** Acknowledgments are sent ahead; the answer to this comes behind them. */
    private static void sync(Connection connection) throws JMSException {
        connection.createSession(false, Session.AUTO_ACKNOWLEDGE).createTemporaryQueue();
    }

    /** What the subscriber gets, and what its subscription counts once it has acknowledged all of it. */
    private String rest() throws Exception {
        var info = subscription().getConsumerInfo();
        Message end = message(END, 0);
        end.setPriority((byte) 0);
        send(end);
        List<Integer> numbers = new ArrayList<>();
        Connection connection = connect(client);
        TopicSubscriber subscriber =
                subscriber(connection, Session.CLIENT_ACKNOWLEDGE, info.getDestination().getPhysicalName(), info.getSelector());
        for (jakarta.jms.Message message; (message = subscriber.receive(STALLED_MILLIS)) != null; ) {
            message.acknowledge();
            if (numberOf(message) == END) break;
            numbers.add(numberOf(message));
        }
        sync(connection);
        connection.close();
        // One of a higher priority overtakes the others when it is there in time.
        Collections.sort(numbers);
        return numbers + ", " + topicStore().getMessageCount(client, NAME) + " left" + (result == null ? "" : result);
    }

    private static int numberOf(jakarta.jms.Message message) throws JMSException {
        return message == null ? 0 : message.getIntProperty("number");
    }

    private Connection connect(String client) throws JMSException {
        return group.connect(client);
    }

    private static TopicSubscriber subscriber(Connection connection, int mode, String subscribed, String selector) throws JMSException {
        return connection.createSession(false, mode).createDurableSubscriber(new ActiveMQTopic(subscribed), NAME, selector, false);
    }

    private Topic topic() throws Exception {
        return (Topic) group.broker().getDestination(new ActiveMQTopic(topic));
    }

    private DurableTopicSubscription subscription() throws Exception {
        return topic().getDurableTopicSubs().values().stream()
                .filter(one -> one.getSubscriptionKey().getClientId().equals(client)).findFirst().orElseThrow();
    }

    private TopicMessageStore topicStore() throws Exception {
        return (TopicMessageStore) topic().getMessageStore();
    }

    /** The topic's store, without what keeps a transaction until it is committed. */
    private TopicMessageStore rows() throws Exception {
        return (TopicMessageStore) ((ProxyTopicMessageStore) topicStore()).getDelegate();
    }

    /** As the broker acknowledges. */
    private void acknowledged(TopicMessageStore store, ConnectionContext context, int number) throws Exception {
        Message message = message(number, 0);
        store.acknowledge(context, client, NAME, message.getMessageId(), new MessageAck(message, MessageAck.STANDARD_ACK_TYPE, 1));
    }

    private interface Call {
        void call() throws Exception;
    }

    private void refused(Call call) throws Exception {
        try {
            call.call();
        } catch (IOException e) {
            return;
        }
        throw new IllegalStateException(what + ": was not refused");
    }

    /** How many messages the subscriber has and has not acknowledged. */
    private int held() throws Exception {
        return subscription().getDispatchedQueueSize();
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        long end = System.currentTimeMillis() + PATIENCE_MILLIS;
        while (!condition.call()) {
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
        if (lifeMillis > 0) message.setExpiration(message.getTimestamp() + lifeMillis);
        message.setIntProperty("number", number);
        return message;
    }

    private void dispatch(Message message) throws Exception {
        Method dispatch = Topic.class.getDeclaredMethod("dispatch", ConnectionContext.class, Message.class);
        dispatch.setAccessible(true);
        dispatch.invoke(topic(), context(), message);
    }

    /** As a connection does it that a client uses. */
    private void send(Message message) throws Exception {
        ProducerBrokerExchange exchange = new ProducerBrokerExchange();
        exchange.setConnectionContext(context());
        exchange.setProducerState(new ProducerState(new ProducerInfo(message.getProducerId())));
        exchange.setMutable(true);
        group.broker().getBroker().send(exchange, message);
    }

    private ConnectionContext context() throws Exception {
        ConnectionContext context = new ConnectionContext(new NonCachedMessageEvaluationContext());
        context.setBroker(group.broker().getBroker());
        context.setSecurityContext(SecurityContext.BROKER_SECURITY_CONTEXT);
        return context;
    }

    /** What a cursor would read. */
    private List<Integer> read() throws Exception {
        List<Integer> numbers = new ArrayList<>();
        topicStore().recoverNextMessages(client, NAME, 10, new MessageRecoveryListener() {
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
}
