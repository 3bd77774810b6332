import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBStore;

/** Opens a store whose version file is empty, and one that is of another version, with the product's index, a master's and a slave's. */
class StoreVersionCheck {
    private static final long LOG_BYTES = 1 << 20;
    /** Who would be told of a failure. */
    private static final Object NOBODY = null;

    public static void main(String[] args) throws Exception {
        for (String before : new String[] {"", "activemq_leveldb_store:9"}) {
            System.out.println("product " + opened(new LevelDBStore(), null, before));
            System.out.println("master " + opened(Support.ours("MasterStore", NOBODY), "MasterIndex", before));
            System.out.println("slave " + opened(Support.ours("SlaveStore", LOG_BYTES, NOBODY, 60.0), "SlaveIndex", before));
        }
        // The store's threads would keep the process.
        System.exit(0);
    }

    /** What the file says afterwards, or why it was not opened. */
    private static String opened(Object made, String index, String before) throws Exception {
        Path folder = Files.createTempDirectory("amq-store-");
        Path file = folder.resolve("store-version.txt");
        Files.writeString(file, before);
        LevelDBStore store = (LevelDBStore) made;
        store.setDirectory(folder.toFile());
        LevelDBClient client = index == null ? new LevelDBClient(store) : (LevelDBClient) Support.ours(index, store);
        try {
            client.init();
            return Files.readString(file);
        } catch (Exception e) {
            return e.getMessage();
        } finally {
            for (File left : folder.toFile().listFiles()) left.delete();
            Files.delete(folder);
        }
    }
}
