import activemq.cluster.ServiceTrial;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;
import javax.management.ObjectName;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.broker.region.Queue;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.store.memory.MemoryPersistenceAdapter;

/**
 * A broker with the trial, whose memory an application fills and empties. Prints what the trial says before, meanwhile and afterwards,
 * and what its queue holds then. The JMS interfaces have other names in each release, so nothing here uses them.
 */
class ServiceTrialCheck {
    private static final long LIMIT = 1 << 20;
    private static final ActiveMQQueue FULL = new ActiveMQQueue("full");
    private static final ActiveMQQueue TRIAL = new ActiveMQQueue("ActiveMQ.Trial.one");

    public static void main(String[] args) throws Exception {
        BrokerService broker = new BrokerService();
        broker.setBrokerName("one");
        broker.setUseShutdownHook(false);
        broker.setPersistenceAdapter(new MemoryPersistenceAdapter());
        broker.getManagementContext().setCreateConnector(false);
        broker.getSystemUsage().getMemoryUsage().setLimit(LIMIT);
        ServiceTrial trial = new ServiceTrial();
        trial.setPauseMillis(100);
        broker.setPlugins(new org.apache.activemq.broker.BrokerPlugin[] {trial});
        broker.start();
        broker.waitUntilStarted();

        until(() -> destination(broker, TRIAL) != null && sent(broker) >= 3);
        System.out.println("empty: " + failures() + " failures, " + (seconds() < 10 ? "served" : "not served"));

        fill();
        until(() -> failures() >= 2);
        System.out.println("full: failures, " + (seconds() >= 5 ? "not served" : "served"));

        ((Queue) destination(broker, FULL)).purge();
        until(() -> failures() == 0);
        System.out.println("emptied: 0 failures, " + (seconds() < 10 ? "served" : "not served"));
        until(() -> destination(broker, TRIAL).getDestinationStatistics().getMessages().getCount() <= 1);
        System.out.println("nothing piles up");

        broker.stop();
        broker.waitUntilStopped();
        System.out.println("stopped: " + (ManagementFactory.getPlatformMBeanServer().isRegistered(bean()) ? "still shown" : "not shown"));
        System.exit(0);
    }

    private static long sent(BrokerService broker) throws Exception {
        return destination(broker, TRIAL).getDestinationStatistics().getDequeues().getCount();
    }

    private static Destination destination(BrokerService broker, ActiveMQQueue queue) throws Exception {
        return broker.getDestination(queue) == null ? null : broker.getRegionBroker().getDestinationMap().get(queue);
    }

    /** Until a send has to wait. */
    private static void fill() throws Exception {
        ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("vm://one?create=false");
        factory.setSendTimeout(1000);
        ActiveMQConnection connection = (ActiveMQConnection) factory.createConnection();
        connection.start();
        var session = connection.createSession(false, 1);
        var producer = session.createProducer(FULL);
        try {
            while (true) {
                var message = session.createBytesMessage();
                message.writeBytes(new byte[10_000]);
                producer.send(message);
            }
        } catch (Exception e) {
            // Whatever it says: it is full. The connection stays, as an application's would.
        }
    }

    private static void until(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(50);
        }
    }

    private static long failures() throws Exception {
        return attribute("Failures");
    }

    private static long seconds() throws Exception {
        return attribute("SecondsSinceSuccess");
    }

    private static long attribute(String name) throws Exception {
        return (Long) ManagementFactory.getPlatformMBeanServer().getAttribute(bean(), name);
    }

    private static ObjectName bean() throws Exception {
        return new ObjectName("activemq.cluster:type=ServiceTrial");
    }
}
