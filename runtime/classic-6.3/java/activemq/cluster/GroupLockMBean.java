package activemq.cluster;

/** What a broker knows of the lock that makes it the master of its group. */
public interface GroupLockMBean {
    /** True while it waits for the lock: another broker has it, or whoever gives it does not answer. */
    boolean isWaiting();

    /** How long whoever gives the lock has not answered this broker. */
    double getSecondsSinceAnswer();
}
