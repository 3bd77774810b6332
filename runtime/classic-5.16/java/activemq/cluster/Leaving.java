package activemq.cluster;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process of a member that can go on only as a fresh one, so that its supervisor starts it anew. */
final class Leaving {
    private static final Logger LOG = LoggerFactory.getLogger(Leaving.class);
    private static final long LONGEST_MILLIS = 2000;

    private final Runnable leaveElection;

    /** @param leaveElection ends this member's registration in ZooKeeper */
    Leaving(Runnable leaveElection) {
        this.leaveElection = leaveElection;
    }

    /**
     * First the registration: the others then elect at once and not after a session timeout.
     *
     * @param cause null when nothing was thrown
     */
    void leave(String why, Throwable cause) {
        LOG.error("{}; ending the process so that a fresh one takes its place", why, cause);
        LastFailure.remember(why, cause);
        Thread leaving = new Thread(leaveElection, "Leaving the election");
        leaving.setDaemon(true);
        leaving.start();
        try {
            leaving.join(LONGEST_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Not exit: the broker's own shutdown waits for a store that may be what hangs.
        Runtime.getRuntime().halt(BrokerMain.EXIT_CODE);
    }
}
