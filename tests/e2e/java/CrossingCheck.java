import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.BrokerFactory;
import org.apache.activemq.broker.BrokerFilter;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.ConsumerBrokerExchange;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.broker.region.DestinationStatistics;
import org.apache.activemq.broker.region.Subscription;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.command.MessageAck;

/**
 * What crosses from one group to another, each a broker of this process, by its rendered configuration. Arguments: the folder with
 * GROUP/activemq.xml, how long something may take in seconds, the groups with commas between, and checks, each as "NAME FROM TO".
 * All checks run at once. Prints a line for each. The credentials are on the class path, where brokers look for them.
 */
class CrossingCheck {
    private static final int PREFETCH = 100;
    private static final int SMALL = 10;
    private static final int SENDERS = 10;
    private static final int EACH = 1000;
    private static final int KIBIBYTE = 1024;
    private static final int COPIES = 20;
    private static final String LATE = "late.";
    private static final int LATE_MILLIS = 3000;
    private static final int POLL_MILLIS = 10;

    private final Map<String, BrokerService> brokers = new LinkedHashMap<>();
    private final String password = password();
    private final long longestMillis;

    private CrossingCheck(String folder, long seconds, String groups) throws Exception {
        longestMillis = 1000 * seconds;
        BrokerFactory.setStartDefault(false);
        for (String group : groups.split(",")) {
            String home = folder + "/" + group;
            System.setProperty("activemq.data", home + "/data");
            brokers.put(group, BrokerFactory.createBroker(new URI("xbean:file:" + home + "/activemq.xml")));
        }
        for (BrokerService broker : brokers.values()) {
            List<BrokerPlugin> plugins = new ArrayList<>(List.of(broker.getPlugins()));
            plugins.add(CrossingCheck::late);
            broker.setPlugins(plugins.toArray(new BrokerPlugin[0]));
            broker.start();
        }
    }

    public static void main(String[] args) {
        try {
            CrossingCheck check = new CrossingCheck(args[0], Long.parseLong(args[1]), args[2]);
            ExecutorService threads = Executors.newCachedThreadPool();
            Map<String, Future<String>> checks = new LinkedHashMap<>();
            for (int i = 3; i < args.length; i++) {
                checks.put(args[i], threads.submit(check.named(args[i])));
            }
            for (Map.Entry<String, Future<String>> line : checks.entrySet()) {
                System.out.println("= " + line.getKey() + ": " + said(line.getValue()));
            }
            System.exit(0);
        } catch (Exception e) {
            // Brokers have threads that would keep the process.
            e.printStackTrace();
            System.exit(1);
        }
    }

    /** A check that fails leaves the others to be read. */
    private static String said(Future<String> check) throws InterruptedException {
        try {
            return check.get();
        } catch (ExecutionException e) {
            return "failed, " + e.getCause();
        }
    }

    private Callable<String> named(String text) {
        String[] words = text.split(" ");
        String from = words[1];
        String to = words[2];
        switch (words[0]) {
            case "selectors":
                return () -> selectors(from, to);
            case "shared":
                return () -> shared(from, to);
            case "burst":
                return () -> burst(from, to);
            case "virtual":
                return () -> virtual(from, to);
            case "early":
                return () -> early(from, to);
            case "moved":
                return () -> moved(from, to);
            default:
                throw new IllegalArgumentException(text);
        }
    }

    /** Only what is selected over there crosses. */
    private String selectors(String from, String to) throws Exception {
        ActiveMQQueue queue = new ActiveMQQueue("selectors." + from);
        try (WireClient sender = client(from); WireClient blue = client(to).consume(queue, "kind='blue'", PREFETCH)) {
            awaitBridge(from, queue, 1);
            sender.send(queue, "red", 25, SMALL);
            sender.send(queue, "blue", 50, SMALL);
            sender.send(queue, "red", 25, SMALL);
            String there = count(blue, 50) + " blue over there, ";
            try (WireClient red = client(from).consume(queue, "kind='red'", PREFETCH)) {
                return there + count(red, 50) + " red here, " + enqueued(to, queue) + " crossed";
            }
        }
    }

    /** A bridge subscribes once for each selector and once for all consumers without one, as long as there are such consumers. */
    private String shared(String from, String to) throws Exception {
        ActiveMQQueue queue = new ActiveMQQueue("shared." + from);
        try (WireClient sender = client(from); WireClient blue = client(to).consume(queue, "kind='blue'", PREFETCH)) {
            String came;
            try (WireClient sameSelector = client(to).consume(queue, "kind='blue'", PREFETCH);
                    WireClient any = client(to).consume(queue, null, PREFETCH)) {
                awaitBridge(from, queue, 2);
                sender.send(queue, "green", 10, SMALL);
                came = count(any, 10) + " green over there";
            }
            awaitBridge(from, queue, 1);
            sender.send(queue, "blue", 10, SMALL);
            return came + ", then " + count(blue, 10) + " blue";
        }
    }

    /** A consumer over there leaves at once for this group, while another one that selects other messages stays. */
    private String moved(String from, String to) throws Exception {
        ActiveMQQueue queue = new ActiveMQQueue("moved." + from);
        try (WireClient sender = client(from); WireClient blue = client(to).consume(queue, "kind='blue'", PREFETCH)) {
            String there;
            try (WireClient red = client(to).consume(queue, "kind='red'", 1)) {
                awaitBridge(from, queue, 2);
                sender.send(queue, "red", 50, SMALL);
                there = count(red, 5) + " over there";
            }
            try (WireClient red = client(from).consume(queue, "kind='red'", PREFETCH)) {
                return there + ", then " + count(red, 45) + " here";
            }
        }
    }

    /** A message comes back before the bridge that took it has acknowledged it. */
    private String early(String from, String to) throws Exception {
        ActiveMQQueue queue = new ActiveMQQueue(LATE + from);
        try (WireClient sender = client(from)) {
            try (WireClient there = client(to).consume(queue, null, 1)) {
                awaitBridge(from, queue, 1);
                sender.send(queue, "early", 1, SMALL);
                if (!there.sees(longestMillis)) {
                    return "nothing over there";
                }
            }
            try (WireClient here = client(from).consume(queue, null, 1)) {
                return count(here, 1) + " here";
            }
        }
    }

    /** Acknowledgements for some queues take longer than a message stays that goes back. */
    private static BrokerFilter late(Broker next) {
        return new BrokerFilter(next) {
            @Override
            public void acknowledge(ConsumerBrokerExchange exchange, MessageAck ack) throws Exception {
                if (ack.getDestination() != null && ack.getDestination().getPhysicalName().startsWith(LATE)) {
                    Thread.sleep(LATE_MILLIS);
                }
                super.acknowledge(exchange, ack);
            }
        };
    }

    /** Ten senders fill a topic faster than a bridge carries it. */
    private String burst(String from, String to) throws Exception {
        ActiveMQTopic topic = new ActiveMQTopic("burst." + from);
        ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
        try (WireClient subscriber = client(to).consume(topic, null, SENDERS * EACH)) {
            awaitBridge(from, topic, 1);
            for (int i = 0; i < SENDERS; i++) {
                senders.submit(() -> {
                    try (WireClient sender = client(from)) {
                        sender.send(topic, "burst", EACH, KIBIBYTE);
                    }
                    return null;
                });
            }
            return count(subscriber, SENDERS * EACH) + " over there";
        } finally {
            senders.shutdown();
        }
    }

    /** Wherever the consumers of a virtual topic's queue and its subscribers are: each message once for the queue and each of these. */
    private String virtual(String from, String to) throws Exception {
        List<List<String>> places = List.of(List.of(), List.of(from), List.of(to), List.of(from, to));
        for (List<String> consumers : places) {
            for (List<String> subscribers : places) {
                String wrong = copies(from, to, consumers, subscribers);
                if (!wrong.isEmpty()) {
                    return "consumers at " + consumers + ", subscribers at " + subscribers + ": " + wrong;
                }
            }
        }
        return "each once";
    }

    /** @return what is wrong, or nothing */
    private String copies(String from, String to, List<String> consumers, List<String> subscribers) throws Exception {
        ActiveMQTopic topic = new ActiveMQTopic(
                "VirtualTopic." + from + ".to." + String.join("", consumers) + ".and." + String.join("", subscribers));
        ActiveMQQueue queue = new ActiveMQQueue("Consumer.X." + topic.getPhysicalName());
        try (Clients ofQueue = new Clients(consumers, queue);
                Clients ofTopic = new Clients(subscribers, topic);
                WireClient sender = client(from)) {
            for (String group : List.of(from, to)) {
                String other = group.equals(from) ? to : from;
                awaitBridge(group, queue, consumers.contains(other) ? 1 : 0);
                awaitBridge(group, topic, subscribers.contains(other) ? 1 : 0);
            }
            sender.send(topic, "virtual", COPIES, SMALL);
            for (WireClient subscriber : ofTopic.clients) {
                int came = count(subscriber, COPIES);
                if (came < COPIES) {
                    return "a subscriber got " + came;
                }
            }
            // The brokers that have told their subscribers have filled their queues.
            int expected = consumers.isEmpty() ? 0 : COPIES;
            int came = 0;
            long began = System.nanoTime();
            while (came != expected || made(queue) != expected || waiting(queue) > 0) {
                if (System.nanoTime() - began > longestMillis * 1_000_000) {
                    return made(queue) + " copies, of which " + came + " came and " + waiting(queue) + " wait";
                }
                for (WireClient consumer : ofQueue.clients) {
                    came += consumer.receive(POLL_MILLIS) ? 1 : 0;
                }
            }
            return "";
        }
    }

    /** How many messages were put into a queue, whatever group it is of, but for those that a bridge brought. */
    private long made(ActiveMQQueue queue) throws Exception {
        long sum = 0;
        for (String group : brokers.keySet()) {
            for (Destination found : destinations(group, queue)) {
                DestinationStatistics statistics = found.getDestinationStatistics();
                sum += statistics.getEnqueues().getCount() - statistics.getForwards().getCount();
            }
        }
        return sum;
    }

    private long waiting(ActiveMQQueue queue) throws Exception {
        long sum = 0;
        for (String group : brokers.keySet()) {
            for (Destination found : destinations(group, queue)) {
                sum += found.getDestinationStatistics().getMessages().getCount();
            }
        }
        return sum;
    }

    /** A consumer in each of some groups. */
    private final class Clients implements AutoCloseable {
        private final List<WireClient> clients = new ArrayList<>();

        Clients(List<String> groups, ActiveMQDestination destination) throws Exception {
            for (String group : groups) {
                clients.add(client(group).consume(destination, null, PREFETCH));
            }
        }

        @Override
        public void close() throws Exception {
            for (WireClient client : clients) {
                client.close();
            }
        }
    }

    private WireClient client(String group) throws Exception {
        URI uri = brokers.get(group).getTransportConnectors().get(0).getServer().getConnectURI();
        return new WireClient(new URI("tcp://127.0.0.1:" + uri.getPort()), "app", password);
    }

    /** @return how many messages came, up to the expected number */
    private int count(WireClient consumer, int expected) throws Exception {
        int came = 0;
        while (came < expected && consumer.receive(longestMillis)) {
            came++;
        }
        return came;
    }

    private Set<Destination> destinations(String group, ActiveMQDestination destination) throws Exception {
        return brokers.get(group).getRegionBroker().getDestinations(destination);
    }

    private long enqueued(String group, ActiveMQDestination destination) throws Exception {
        long sum = 0;
        for (Destination found : destinations(group, destination)) {
            sum += found.getDestinationStatistics().getEnqueues().getCount();
        }
        return sum;
    }

    /** Waits until a group's bridges have so many subscriptions to a destination. */
    private void awaitBridge(String group, ActiveMQDestination destination, int expected) throws Exception {
        long began = System.nanoTime();
        while (bridgeSubscriptions(group, destination) != expected) {
            if (System.nanoTime() - began > longestMillis * 1_000_000) {
                throw new IllegalStateException(group + " has " + bridgeSubscriptions(group, destination) + " of " + expected
                        + " subscriptions of bridges to " + destination);
            }
            Thread.sleep(20);
        }
    }

    private int bridgeSubscriptions(String group, ActiveMQDestination destination) throws Exception {
        int sum = 0;
        for (Destination found : destinations(group, destination)) {
            for (Subscription subscription : found.getConsumers()) {
                sum += subscription.getConsumerInfo().isNetworkSubscription() ? 1 : 0;
            }
        }
        return sum;
    }

    private static String password() throws IOException {
        Properties credentials = new Properties();
        try (InputStream in = ClassLoader.getSystemResourceAsStream("credentials.properties")) {
            credentials.load(in);
        }
        return credentials.getProperty("user.app.password");
    }
}
