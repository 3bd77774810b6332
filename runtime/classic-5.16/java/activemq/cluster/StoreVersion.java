package activemq.cluster;

import java.io.File;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that says which version of LevelDB's files a store has.
 *
 * <p>LevelDBClient.init (line 599) writes it anew at every start, over the old one. On a full disk that leaves it empty, and from then on
 * no start gets past the check before (line 596, "schema version is not supported"), also when there is space again: the member could
 * never come back by itself, although nothing of its store is wrong.
 */
final class StoreVersion {
    private static final Logger LOG = LoggerFactory.getLogger(StoreVersion.class);

    private StoreVersion() {}

    /** Takes an empty one away: the start writes it. One that says anything is left alone. */
    static void mend(File directory) {
        File file = new File(directory, "store-version.txt");
        if (file.exists() && file.length() == 0) {
            LOG.warn("{} is empty, as a full disk leaves it; writing it anew", file);
            if (!file.delete()) {
                LOG.error("{} cannot be removed", file);
            }
        }
    }
}
