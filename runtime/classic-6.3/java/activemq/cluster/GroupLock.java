package activemq.cluster;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a slave that waits for its turn from a broker that only starts.
 *
 * <p>The product's lockers wait inside the broker's start and say so nowhere but in the log. The bean is there from the first try on.
 */
final class GroupLock implements GroupLockMBean {
    private static final Logger LOG = LoggerFactory.getLogger(GroupLock.class);
    private static final String OBJECT_NAME = "activemq.cluster:type=GroupLock";

    private volatile boolean waiting;
    private volatile long answeredNanos = System.nanoTime();

    /** Waiting begins. */
    void await() {
        waiting = true;
        answeredNanos = System.nanoTime();
        register();
    }

    /** Whoever gives the lock has answered, whatever the answer was. */
    void answered() {
        answeredNanos = System.nanoTime();
    }

    /** Waiting is over: this broker has the lock, or gives up. */
    void end() {
        waiting = false;
    }

    @Override
    public boolean isWaiting() {
        return waiting;
    }

    @Override
    public double getSecondsSinceAnswer() {
        return (System.nanoTime() - answeredNanos) / 1e9;
    }

    private void register() {
        try {
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            ObjectName name = new ObjectName(OBJECT_NAME);
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
            server.registerMBean(this, name);
        } catch (JMException e) {
            LOG.warn("The state of the group's lock cannot be shown; this broker will not be seen as a slave", e);
        }
    }
}
