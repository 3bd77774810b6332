package activemq.cluster.client;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of message ids, one a line, in the order they were added. Safe to use from several threads. */
final class IdFile implements AutoCloseable {
    private final Writer writer;
    private long count;

    IdFile(String path) throws IOException {
        writer = Files.newBufferedWriter(
                Path.of(path), StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    synchronized void add(String id) throws IOException {
        writer.write(id + "\n");
        count++;
    }

    synchronized long count() {
        return count;
    }

    synchronized void flush() throws IOException {
        writer.flush();
    }

    @Override
    public synchronized void close() throws IOException {
        writer.close();
    }
}
