package activemq.cluster;

/** The election of this broker's group as ZooKeeper shows it. Numbers only, so that monitoring can take them as they are. */
public interface ElectionWatchdogMBean {
    /** 1 while the watchdog's own ZooKeeper session answers. */
    int getZooKeeperConnected();

    /** Members of the group registered in ZooKeeper. */
    int getLiveMembers();

    /** 1 when the elector names a live member. */
    int getMasterElected();

    /** 1 when the elected member also serves. */
    int getMasterReady();

    /** 1 when that member is this one. */
    int getSelfMaster();

    /** Seconds since a master was last seen serving, or since the start; 0 while one serves. */
    long getSecondsWithoutMaster();

    /** Seconds this member has been holding up the election. */
    long getSecondsStuck();

    /** Seconds after which a stuck member ends its process; doubles with every attempt in a row. */
    long getRestartAfterSeconds();
}
