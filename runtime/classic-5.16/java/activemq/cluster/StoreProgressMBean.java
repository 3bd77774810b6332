package activemq.cluster;

/** How far a member's copy of the group's log has come. Positions are bytes since the log began, the same in every member. */
public interface StoreProgressMBean {
    /** Up to where this member has the log; of a master, up to where it has written. Negative while it is neither. */
    long getReceivedPosition();

    /** Up to where this member's index knows the log. Negative while it is neither master nor slave. */
    long getIndexedPosition();
}
