package activemq.cluster;

import javax.transaction.xa.XAException;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.BrokerFilter;
import org.apache.activemq.broker.BrokerPlugin;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.TransactionId;

/**
 * Refuses XA transactions, before anything of them is written.
 *
 * <p>The store ends a prepared transaction in two steps that are not one unit of work (LevelDBStore.commit, line 556). When a master
 * dies in between, the second commit takes references from log files again, and a file is deleted that other messages need.
 * {@link PreparedReceive} sees that in the queues, not in durable subscriptions. Transactions of one session are one unit, and stay.
 *
 * <p>What was prepared before this plugin was there can be listed, committed and rolled back.
 */
public final class XaRefusal implements BrokerPlugin {
    private String store;

    /** Sets the store's name, as the stack file has it. */
    public void setStore(String store) {
        this.store = store;
    }

    @Override
    public Broker installPlugin(Broker broker) {
        return new BrokerFilter(broker) {
            /** Clients send this without waiting for an answer; they learn of it when they end or prepare the transaction. */
            @Override
            public void beginTransaction(ConnectionContext context, TransactionId transaction) throws Exception {
                refuseXa(transaction);
                super.beginTransaction(context, transaction);
            }

            @Override
            public int prepareTransaction(ConnectionContext context, TransactionId transaction) throws Exception {
                refuseXa(transaction);
                return super.prepareTransaction(context, transaction);
            }

            @Override
            public void commitTransaction(ConnectionContext context, TransactionId transaction, boolean onePhase)
                    throws Exception {
                if (onePhase) {
                    refuseXa(transaction);
                }
                super.commitTransaction(context, transaction, onePhase);
            }
        };
    }

    private void refuseXa(TransactionId transaction) throws XAException {
        if (transaction.isXATransaction()) {
            XAException refusal = new XAException("XA transactions are refused on store " + store
                    + ", which may lose messages when a master dies during a commit. Use transactions of one session,"
                    + " or a group with store jdbc, sharedKahaDB or kahaDB");
            refusal.errorCode = XAException.XAER_RMERR;
            throw refusal;
        }
    }
}
