package activemq.cluster;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lets the others of a group go first when a member is elected that lacks messages: with a damaged disk, it is the only one.
 *
 * <p>Among members whose logs reach equally far the one that registered first is elected, so a fresh process comes last. It then takes
 * what it lacks from the new master. One that is elected again serves without those messages: the others lack them too, or are away.
 */
final class MissingMessages {
    private static final String NOTE = "messages-missing";

    private MissingMessages() {}

    /** A slave takes everything from its master. */
    static void forget(File directory) throws IOException {
        Files.deleteIfExists(directory.toPath().resolve(NOTE));
    }

    /**
     * @param group whether others may have what is missing
     * @throws IllegalStateException when others go first; the process has to end
     */
    static void check(File directory, long missing, boolean group) {
        Path note = directory.toPath().resolve(NOTE);
        try {
            if (missing == 0) {
                Files.deleteIfExists(note);
            } else if (group && !Files.exists(note)) {
                Files.writeString(note, String.valueOf(missing));
                throw new IllegalStateException(
                        missing + " messages are missing in " + directory + "; another member may have them, and goes first");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
