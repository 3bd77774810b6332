package activemq.cluster;

/** What is known of one network connector's bridge. */
public interface BridgeWatchMBean {
    /** Whether a bridge is established. */
    boolean isUp();

    /** How long there has been no bridge; 0 while there is one. */
    long getSecondsMissing();

    /** How often the connector was started anew since this broker became the master. */
    long getRestarts();
}
