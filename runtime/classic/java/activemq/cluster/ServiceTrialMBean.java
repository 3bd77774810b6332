package activemq.cluster;

/** Whether this master takes messages and gives them: see {@link ServiceTrial}. */
public interface ServiceTrialMBean {
    /** How long ago a message was last sent and received; of a master that never did, since it became one. */
    long getSecondsSinceSuccess();

    /** How many trials in a row have failed. */
    long getFailures();
}
