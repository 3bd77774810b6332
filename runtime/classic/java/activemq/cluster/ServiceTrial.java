package activemq.cluster;

import java.lang.management.ManagementFactory;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.ActiveMQConnectionFactory;
import org.apache.activemq.ActiveMQMessageProducer;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.BrokerFilter;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a persistent message and receives it, again and again, as an application would: a process that is there, with open ports, may
 * take no message all the same. The store or the memory may be full, the disk may stand still, the database may not answer.
 *
 * <p>It runs on masters alone, because a slave starts no plugins. Its queue crosses no bridge, is not for applications, and its
 * messages expire, so nothing piles up. The classes of JMS are not named here: their package is another one in each release.
 */
public final class ServiceTrial implements BrokerPlugin {
    /** What the names of its queues begin with; core/plan/destinations.ts has it, too. */
    static final String PREFIX = "ActiveMQ.Trial.";

    private static final Logger LOG = LoggerFactory.getLogger(ServiceTrial.class);
    private static final String OBJECT_NAME = "activemq.cluster:type=ServiceTrial";
    private static final long PAUSE_MILLIS = 10_000;
    private static final int MOST_MILLIS = 5000;
    private static final long EXPIRY_MILLIS = 60_000;

    private String userName;
    private String password;
    private long pauseMillis = PAUSE_MILLIS;

    public void setUserName(String userName) {
        this.userName = userName;
    }

    public void setPassword(String password) {
        this.password = password;
    }

    /** Sets the time between two trials; only tests pass another one. */
    public void setPauseMillis(long pauseMillis) {
        this.pauseMillis = pauseMillis;
    }

    @Override
    public Broker installPlugin(Broker broker) {
        return new BrokerFilter(broker) {
            private Loop loop;

            @Override
            public void start() throws Exception {
                super.start();
                loop = new Loop(this);
                loop.start();
            }

            @Override
            public void stop() throws Exception {
                if (loop != null) {
                    loop.end();
                }
                super.stop();
            }
        };
    }

    private final class Loop implements Runnable, ServiceTrialMBean {
        private final Broker broker;
        private final Thread thread = new Thread(this, "ServiceTrial");
        private volatile long successNanos = System.nanoTime();
        private volatile long failures;
        private volatile boolean stopped;
        private ActiveMQConnection connection;

        Loop(Broker broker) {
            this.broker = broker;
            thread.setDaemon(true);
        }

        void start() {
            try {
                end(server());
                server().registerMBean(new StandardMBean(this, ServiceTrialMBean.class), new ObjectName(OBJECT_NAME));
            } catch (JMException e) {
                LOG.warn("Whether messages are taken and given cannot be shown", e);
            }
            thread.start();
        }

        void end() {
            stopped = true;
            thread.interrupt();
            try {
                end(server());
            } catch (JMException e) {
                LOG.warn("Whether messages were taken and given is still shown", e);
            }
        }

        private void end(MBeanServer server) throws JMException {
            if (server.isRegistered(new ObjectName(OBJECT_NAME))) {
                server.unregisterMBean(new ObjectName(OBJECT_NAME));
            }
        }

        @Override
        public void run() {
            try {
                while (!stopped) {
                    // Not before its connectors are open: until then nobody can send.
                    if (broker.getBrokerService().isStarted()) {
                        look();
                    } else {
                        successNanos = System.nanoTime();
                    }
                    Thread.sleep(broker.getBrokerService().isStarted() ? pauseMillis : Math.min(pauseMillis, 200));
                }
            } catch (InterruptedException e) {
                LOG.debug("stopped");
            }
            disconnect();
        }

        private void look() {
            try {
                attempt();
                if (failures > 0) {
                    LOG.info("A message is sent and received again, after {} s without", getSecondsSinceSuccess());
                }
                successNanos = System.nanoTime();
                failures = 0;
            } catch (Exception e) {
                if (!stopped && failures++ == 0) {
                    LOG.warn("A message could not be sent and received within {} ms: applications may not be able to either", MOST_MILLIS, e);
                }
            }
        }

        /** Over the connection of the trial before, unless that failed. */
        private void attempt() throws Exception {
            if (connection == null) {
                connection = connect();
            }
            var session = connection.createSession(false, 1);
            try {
                ActiveMQQueue queue = new ActiveMQQueue(PREFIX + broker.getBrokerName());
                ActiveMQMessageProducer producer = (ActiveMQMessageProducer) session.createProducer(queue);
                producer.setTimeToLive(EXPIRY_MILLIS);
                String text = UUID.randomUUID().toString();
                producer.send(session.createTextMessage(text));
                var consumer = session.createConsumer(queue);
                long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MOST_MILLIS);
                // What an attempt before has left comes first.
                for (Object got = null; !isText(got, text); ) {
                    got = consumer.receive(Math.max(1, TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime())));
                    if (got == null) {
                        throw new IllegalStateException("it was sent, and did not come within " + MOST_MILLIS + " ms");
                    }
                }
                session.close();
            } catch (Exception e) {
                disconnect();
                throw e;
            }
        }

        private ActiveMQConnection connect() throws Exception {
            ActiveMQConnectionFactory factory =
                    new ActiveMQConnectionFactory("vm://" + broker.getBrokerName() + "?create=false&waitForStart=1000");
            factory.setUserName(userName);
            factory.setPassword(password);
            factory.setSendTimeout(MOST_MILLIS);
            factory.setConnectResponseTimeout(MOST_MILLIS);
            factory.setCloseTimeout(MOST_MILLIS);
            factory.setWatchTopicAdvisories(false);
            ActiveMQConnection made = (ActiveMQConnection) factory.createConnection();
            try {
                made.start();
                return made;
            } catch (Exception e) {
                made.close();
                throw e;
            }
        }

        private void disconnect() {
            try {
                if (connection != null) {
                    connection.close();
                }
            } catch (Exception e) {
                LOG.debug("The connection of a failed trial did not close", e);
            }
            connection = null;
        }

        private boolean isText(Object got, String text) throws Exception {
            return got instanceof ActiveMQTextMessage && text.equals(((ActiveMQTextMessage) got).getText());
        }

        @Override
        public long getSecondsSinceSuccess() {
            return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - successNanos);
        }

        @Override
        public long getFailures() {
            return failures;
        }
    }

    private static MBeanServer server() {
        return ManagementFactory.getPlatformMBeanServer();
    }
}
