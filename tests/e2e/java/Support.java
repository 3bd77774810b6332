import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** What several of the programs in this folder need. */
class Support {
    private Support() {}

    /** Makes an object of one of our classes, which are their package's own. */
    static Object ours(String name, Object... arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = Class.forName("activemq.cluster." + name).getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(arguments);
    }

    /** Removes a folder and all that is in it. */
    static void remove(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
