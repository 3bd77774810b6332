import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.apache.activemq.leveldb.LevelDBStore;
import org.apache.activemq.leveldb.replicated.MasterLevelDBStore;

/** What several of the programs for store replicatedLevelDB need. */
class Support {
    private Support() {}

    /** Makes an object of one of our classes, which are their package's own. */
    static Object ours(String name, Object... arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName("activemq.cluster." + name).getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(arguments);
    }

    /**
     * A store that is not opened yet.
     *
     * @param who     product, or master: ours, which needs no slave
     * @param leaving what ours tells that it cannot go on; null: nobody
     */
    static LevelDBStore store(String who, Object leaving) throws ReflectiveOperationException {
        if (!who.equals("master")) return new LevelDBStore();
        MasterLevelDBStore master = (MasterLevelDBStore) ours("MasterStore", leaving);
        master.replicas_$eq(1);
        master.bind_$eq("tcp://127.0.0.1:0");
        return master;
    }

    /** Gives a successor what is in the log of a store. @param to made where it is not there */
    static void copyLogs(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> logs = Files.list(from)) {
            for (Path log : (Iterable<Path>) logs::iterator) {
                if (log.toString().endsWith(".log")) Files.copy(log, to.resolve(log.getFileName()));
            }
        }
    }

    /** Removes a folder and all that is in it. */
    static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
