package activemq.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Why the last process ended, in a file of one line that the probe shows until the broker serves again. */
final class LastFailure {
    private static final Logger LOG = LoggerFactory.getLogger(LastFailure.class);
    private static final String FILE = "last-failure";
    private static final int MOST_CHARACTERS = 400;

    private LastFailure() {}

    /** @param cause null when nothing was thrown */
    static void remember(String why, Throwable cause) {
        Path file = file();
        if (file == null) {
            return;
        }
        String root = cause == null ? "" : ": " + root(cause);
        String reason = (why + root).replaceAll("\\s+", " ");
        String shown = reason.length() > MOST_CHARACTERS ? reason.substring(0, MOST_CHARACTERS) + "..." : reason;
        try {
            Files.writeString(file, shown + " (" + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ")\n", StandardCharsets.UTF_8);
        } catch (IOException e) {
            // A full disk, for example; the log has it, too.
            LOG.warn("Cannot write {}", file, e);
        }
    }

    /** Called once the broker serves, or is attached to who does. */
    static void forget() {
        Path file = file();
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            LOG.warn("Cannot remove {}", file, e);
        }
    }

    /** Null where nobody said which folder is the broker's, as in a test. */
    private static Path file() {
        String data = System.getProperty("activemq.data");
        return data == null ? null : Path.of(data, FILE);
    }

    /** What a failure began with. */
    static Throwable root(Throwable thrown) {
        return thrown.getCause() == null ? thrown : root(thrown.getCause());
    }
}
