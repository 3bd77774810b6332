package activemq.cluster;

import java.lang.management.ManagementFactory;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.activemq.leveldb.replicated.MasterLevelDBStore;
import org.apache.activemq.leveldb.replicated.SlaveLevelDBStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads it from the store, which changes roles meanwhile. */
final class StoreProgress implements StoreProgressMBean {
    private static final Logger LOG = LoggerFactory.getLogger(StoreProgress.class);
    private static final String OBJECT_NAME = "activemq.cluster:type=StoreProgress";
    private static final long NEITHER = -1;

    private final GroupStore store;

    private StoreProgress(GroupStore store) {
        this.store = store;
    }

    /** A broker has one store; one that restarts inside its process builds a second. */
    static void register(GroupStore store) {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            ObjectName name = new ObjectName(OBJECT_NAME);
            if (server.isRegistered(name)) {
                server.unregisterMBean(name);
            }
            server.registerMBean(new StoreProgress(store), name);
        } catch (JMException e) {
            // The store matters more than being seen.
            LOG.warn("cannot register {}", OBJECT_NAME, e);
        }
    }

    @Override
    public long getReceivedPosition() {
        SlaveLevelDBStore slave = store.slave();
        return slave == null ? written() : slave.wal_append_position();
    }

    @Override
    public long getIndexedPosition() {
        SlaveLevelDBStore slave = store.slave();
        return slave == null ? written() : ((SlaveIndex) slave.client()).indexedTo();
    }

    private long written() {
        MasterLevelDBStore master = store.master();
        return master == null ? NEITHER : master.wal_append_position();
    }
}
