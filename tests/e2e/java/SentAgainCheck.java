import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.jms.Connection;
import javax.jms.MessageConsumer;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.broker.ProducerBrokerExchange;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.broker.region.Queue;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.BrokerId;
import org.apache.activemq.command.Message;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.command.ProducerInfo;
import org.apache.activemq.filter.NonCachedMessageEvaluationContext;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.state.ProducerState;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.store.PersistenceAdapter;

/**
 * A broker is killed behind the store of its last messages; its successor gets them once more, because the producers had no answer.
 * Prints what a consumer gets, what the queue counts as waiting then, how many dead letters there are, and whether the queue's cache is
 * on again.
 */
class SentAgainCheck {
    private static final ActiveMQQueue QUEUE = new ActiveMQQueue("queue");
    private static final ActiveMQQueue DEAD_LETTERS = new ActiveMQQueue("ActiveMQ.DLQ");
    private static final int MESSAGES = 20;
    private static final int IN_DOUBT = 4;
    private static final int DEAD = 1000;
    private static final int QUIET_MILLIS = 3000;
    /** Who would be told of a failure. */
    private static final Object NOBODY = null;

    public static void main(String[] args) throws Exception {
        for (String who : new String[] {"product", "master"}) {
            System.out.println(who + ", sent again: " + sentAgain(who, false));
            System.out.println(who + ", came back over a bridge: " + sentAgain(who, true));
            System.out.println(who + ", moved again: " + movedAgain(who));
        }
        // The stores' threads would keep the process.
        System.exit(0);
    }

    /** @param bridged whether the messages were moved to another group meanwhile, and come back */
    private static String sentAgain(String who, boolean bridged) throws Exception {
        Path folder = Files.createTempDirectory("amq-store-");
        try {
            BrokerService first = broker(who, folder.resolve("first"));
            for (int i = 1; i <= MESSAGES; i++) send(first, message(i));
            BrokerService second = successor(who, first, folder, "first", "second");
            for (int i = MESSAGES - IN_DOUBT + 1; i <= MESSAGES; i++) {
                Message message = message(i);
                if (bridged) message.setBrokerPath(new BrokerId[] {new BrokerId("other")});
                send(second, message);
            }
            send(second, message(MESSAGES + 1));
            List<String> received = received(second);
            Set<String> different = new HashSet<>(received);
            String counts = received.size() + " received, " + different.size() + " different, " + waiting(second, QUEUE) + " waiting, "
                    + waiting(second, DEAD_LETTERS) + " dead letters, cache " + (isCached(second) ? "on" : "off");
            second.stop();
            return counts;
        } finally {
            Support.remove(folder);
        }
    }

    /** The first broker was killed when it had stored a dead letter, and before it removed the message. */
    private static String movedAgain(String who) throws Exception {
        // Which messages are dead letters is known to all brokers of a process.
        int number = DEAD + who.length();
        Path folder = Files.createTempDirectory("amq-store-");
        try {
            BrokerService first = broker(who, folder.resolve("first"));
            send(first, message(number));
            Message letter = message(number);
            letter.setDestination(DEAD_LETTERS);
            send(first, letter);
            BrokerService second = successor(who, first, folder, "first", "second");
            ActiveMQConnection connection =
                    (ActiveMQConnection) new ActiveMQConnectionFactory("vm://broker?create=false").createConnection();
            connection.getRedeliveryPolicy().setMaximumRedeliveries(0);
            connection.start();
            Session session = connection.createSession(true, Session.SESSION_TRANSACTED);
            session.createConsumer(QUEUE).receive(QUIET_MILLIS);
            session.rollback();
            Thread.sleep(QUIET_MILLIS);
            connection.close();
            // What is really in the store.
            BrokerService third = successor(who, second, folder, "second", "third");
            String counts = waiting(third, QUEUE) + " waiting, " + waiting(third, DEAD_LETTERS) + " dead letters";
            third.stop();
            return counts;
        } finally {
            Support.remove(folder);
        }
    }

    private static BrokerService successor(String who, BrokerService killed, Path folder, String from, String to) throws Exception {
        Support.copyLogs(folder.resolve(from), folder.resolve(to));
        killed.stop();
        return broker(who, folder.resolve(to));
    }

    private static BrokerService broker(String who, Path folder) throws Exception {
        BrokerService broker = new BrokerService();
        broker.setBrokerName("broker");
        broker.setUseJmx(false);
        broker.setAdvisorySupport(false);
        broker.setUseShutdownHook(false);
        broker.setDataDirectory(folder.resolve("data").toString());
        broker.setPersistenceAdapter(adapter(who, folder));
        broker.start();
        broker.waitUntilStarted();
        return broker;
    }

    private static PersistenceAdapter adapter(String who, Path folder) throws Exception {
        LevelDBStore store = Support.store(who, NOBODY);
        store.setDirectory(folder.toFile());
        // As we render it.
        store.setMaxFailoverProducersToTrack(0);
        return who.equals("master") ? asGroupStore(store) : store;
    }

    /** What GroupStore does, which would need an election. */
    private static PersistenceAdapter asGroupStore(LevelDBStore store) throws Exception {
        Method around = Class.forName("activemq.cluster.SentOnce").getDeclaredMethod("of", MessageStore.class, LevelDBStore.class);
        around.setAccessible(true);
        Set<Class<?>> interfaces = new HashSet<>();
        for (Class<?> type = store.getClass(); type != null; type = type.getSuperclass()) {
            for (Class<?> one : type.getInterfaces()) {
                if (one.getName().startsWith("org.apache.activemq.")) interfaces.add(one);
            }
        }
        return (PersistenceAdapter) Proxy.newProxyInstance(
                SentAgainCheck.class.getClassLoader(), interfaces.toArray(new Class<?>[0]), (proxy, method, arguments) -> {
                    try {
                        Object result = method.invoke(store, arguments);
                        return method.getName().equals("createQueueMessageStore") ? around.invoke(null, result, store) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static Message message(int number) throws Exception {
        ActiveMQTextMessage message = new ActiveMQTextMessage();
        message.setMessageId(new MessageId("ID:check-1:1:1:1", number));
        message.setProducerId(message.getMessageId().getProducerId());
        message.setDestination(QUEUE);
        message.setPersistent(true);
        message.setResponseRequired(true);
        message.setText("message " + number);
        return message;
    }

    /** As a connection does it that a client uses. */
    private static void send(BrokerService broker, Message message) throws Exception {
        ConnectionContext context = new ConnectionContext(new NonCachedMessageEvaluationContext());
        context.setBroker(broker.getBroker());
        context.setSecurityContext(org.apache.activemq.security.SecurityContext.BROKER_SECURITY_CONTEXT);
        ProducerBrokerExchange exchange = new ProducerBrokerExchange();
        exchange.setConnectionContext(context);
        exchange.setProducerState(new ProducerState(new ProducerInfo(message.getProducerId())));
        exchange.setMutable(true);
        broker.getBroker().send(exchange, message);
    }

    private static List<String> received(BrokerService broker) throws Exception {
        List<String> received = new ArrayList<>();
        Connection connection = new ActiveMQConnectionFactory("vm://broker?create=false").createConnection();
        connection.start();
        Session session = connection.createSession(false, Session.AUTO_ACKNOWLEDGE);
        MessageConsumer consumer = session.createConsumer(QUEUE);
        for (javax.jms.Message message; (message = consumer.receive(QUIET_MILLIS)) != null; ) received.add(message.getJMSMessageID());
        connection.close();
        return received;
    }

    private static long waiting(BrokerService broker, ActiveMQDestination queue) throws Exception {
        Destination destination = broker.getDestination(queue);
        return destination.getDestinationStatistics().getMessages().getCount();
    }

    /** Whether messages go to a consumer without being read from the store, as those of a queue do that nothing waits in. */
    private static boolean isCached(BrokerService broker) throws Exception {
        return ((Queue) broker.getDestination(QUEUE)).getMessages().isCacheEnabled();
    }
}
