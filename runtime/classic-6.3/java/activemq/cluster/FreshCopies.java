package activemq.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fence against the last master of a group that shares a directory. Its machine may have been cut off, or stood still, for longer
 * than the file server keeps a lock, and come back with writes that its kernel still has: the lock is on another file, so nothing
 * keeps them from those that its successor writes by now. A file server knows files by what they are, not by their names: so the
 * successor puts a copy in the place of each file that a master has open for writing, and what comes late meets a file that is gone
 * (ESTALE), is refused, and was never acknowledged.
 *
 * <p>These are, of KahaDB 6.3.1: the index, its free list and its redo log (PageFile), and the journal's newest files: the one that
 * is appended to, one that acknowledgements are moved to, and one that was begun meanwhile (Journal.reserveDataFile). Older ones are
 * only read.
 */
public final class FreshCopies {
    private static final Logger LOG = LoggerFactory.getLogger(FreshCopies.class);
    private static final List<String> INDEX = List.of("db.data", "db.free", "db.redo");
    private static final Pattern JOURNAL = Pattern.compile("db-(\\d+)\\.log");
    private static final int NEWEST = 3;
    /** KahaDB takes no file for its own whose name begins like this. */
    private static final String PREFIX = "copy-of-";
    /** A file that is written to again and again is not a late write: somebody is there. */
    private static final int MOST_TRIES = 5;

    private FreshCopies() {
    }

    /**
     * Puts them in place; each takes the name of its original in one step, so that a group whose broker dies meanwhile has all its
     * messages. Done by who has the lock, before the store is opened.
     *
     * @throws IOException when one cannot be made; the group's messages are as they were
     */
    public static void make(File directory) throws IOException {
        long began = System.nanoTime();
        long bytes = 0;
        for (Path left : named(directory, name -> name.startsWith(PREFIX))) {
            Files.delete(left);
        }
        for (Path file : writable(directory)) {
            bytes += replace(file);
        }
        if (bytes > 0) {
            LOG.info("Copied {} MiB of {} in {} ms, so that a former master cannot write to it any more",
                    bytes >> 20, directory, (System.nanoTime() - began) / 1_000_000);
        }
    }

    /** What a master may have open for writing. */
    private static List<Path> writable(File directory) throws IOException {
        List<Path> files = new ArrayList<>(named(directory, INDEX::contains));
        named(directory, name -> JOURNAL.matcher(name).matches()).stream()
                .sorted(Comparator.comparingLong(FreshCopies::number).reversed())
                .limit(NEWEST)
                .forEach(files::add);
        return files;
    }

    /** @return how many bytes it has */
    private static long replace(Path file) throws IOException {
        Path copy = file.resolveSibling(PREFIX + file.getFileName());
        try {
            for (int tries = 0; tries < MOST_TRIES; tries++) {
                Stamp before = Stamp.of(file);
                Files.copy(file, copy, StandardCopyOption.REPLACE_EXISTING);
                try (FileChannel channel = FileChannel.open(copy, StandardOpenOption.WRITE)) {
                    channel.force(true);
                }
                // Else a write came late, and early enough to be kept.
                if (Stamp.of(file).equals(before)) {
                    Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
                    return before.size;
                }
            }
            throw new IOException(file + " is being written to, and not by this broker");
        } finally {
            Files.deleteIfExists(copy);
        }
    }

    private static List<Path> named(File directory, Predicate<String> wanted) throws IOException {
        try (Stream<Path> files = Files.list(directory.toPath())) {
            return files.filter(file -> wanted.test(file.getFileName().toString())).toList();
        }
    }

    private static long number(Path journal) {
        Matcher matcher = JOURNAL.matcher(journal.getFileName().toString());
        return matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
    }

    /** What a file server changes with every write. */
    private record Stamp(long size, Object modified) {
        static Stamp of(Path file) throws IOException {
            // A client of NFS asks the server anew for a file that it opens.
            try (FileChannel opened = FileChannel.open(file, StandardOpenOption.READ)) {
                BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                return new Stamp(opened.size(), attributes.lastModifiedTime());
            }
        }
    }
}
