import java.nio.ByteBuffer;
import org.apache.activemq.leveldb.LevelDBClient;
import org.apache.activemq.leveldb.LevelDBStore;

/** Prints, for the product's index, a master's and a slave's of ours, the number of the newest message after 3304, 3306, 3305. */
class HighestKeyCheck {
    private static final long QUEUE = 1;
    private static final long LOG_BYTES = 1 << 20;
    /** Who would be told of a failure. */
    private static final Object NOBODY = null;

    public static void main(String[] args) throws Exception {
        System.out.println("product " + newest(new LevelDBClient(new LevelDBStore())));
        System.out.println("master " + newest(Support.ours("MasterIndex", Support.ours("MasterStore", NOBODY))));
        System.out.println("slave " + newest(Support.ours("SlaveIndex", Support.ours("SlaveStore", LOG_BYTES, NOBODY, 60.0))));
        // The store's threads would keep the process.
        System.exit(0);
    }

    private static long newest(Object index) {
        LevelDBClient client = (LevelDBClient) index;
        client.collectionMeta().put(QUEUE, new LevelDBClient.CollectionMeta());
        for (long key : new long[] {3304, 3306, 3305}) {
            byte[] bytes = ByteBuffer.allocate(Long.BYTES).putLong(key).array();
            client.org$apache$activemq$leveldb$LevelDBClient$$collectionIncrementSize(QUEUE, bytes);
        }
        if (client.collectionSize(QUEUE) != 3) throw new AssertionError("size " + client.collectionSize(QUEUE));
        return client.getLastQueueEntrySeq(QUEUE);
    }
}
