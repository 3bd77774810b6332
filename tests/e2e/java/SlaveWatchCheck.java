import java.io.File;
import java.lang.reflect.Method;
import org.apache.activemq.leveldb.replicated.SlaveLevelDBStore;
import org.apache.log4j.BasicConfigurator;

/** A slave's store alone. Arguments: its folder, the master's URL, the longest silence in seconds. It ends when it is ended. */
class SlaveWatchCheck {
    private static final long LOG_BYTES = 1 << 20;

    public static void main(String[] args) throws Exception {
        BasicConfigurator.configure();
        Runnable noElection = () -> {};
        SlaveLevelDBStore store =
                (SlaveLevelDBStore) Support.ours("SlaveStore", LOG_BYTES, Support.ours("Leaving", noElection), Double.valueOf(args[2]));
        store.setDirectory(new File(args[0]));
        store.setConnect(args[1]);
        Method start = store.getClass().getDeclaredMethod("doStart");
        start.setAccessible(true);
        start.invoke(store);
        Thread.currentThread().join();
    }
}
