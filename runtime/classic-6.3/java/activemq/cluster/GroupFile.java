package activemq.cluster;

import java.io.File;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.activemq.broker.AbstractLocker;
import org.apache.activemq.store.PersistenceAdapter;
import org.apache.activemq.util.ServiceStopper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock on the directory that the brokers of a group share, as SharedFileLocker (6.3.1) has it: the file {@code lock} in it, locked
 * whole. It differs in five ways.
 *
 * <p>It never makes the directory: when the file system is not there, the product makes an empty one at its place, and every broker that
 * does so is a master. It asks the file server itself whether the lock still is this broker's, by writing through it: a client of NFS
 * whose lease has ended gets an error then, while a local look at the file may be minutes old. A broker that has lost the lock ends at
 * once, rather than to stop in order and write to what is another one's by then. A new master keeps out what the last one may still be
 * writing ({@link FreshCopies}). And it shows in {@link GroupLock} whether it waits.
 *
 * <p>The lock file is opened once: a process that closes any second handle of it loses its lock (fcntl(2)).
 */
public final class GroupFile extends AbstractLocker {
    private static final Logger LOG = LoggerFactory.getLogger(GroupFile.class);
    /** A file system that was mounted later may be seen by a fresh process alone. */
    private static final long LONGEST_ABSENCE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final GroupLock shown = new GroupLock();
    /** Written into the file, so that a broker recognises its own lock. */
    private final byte[] token = UUID.randomUUID().toString().getBytes(StandardCharsets.US_ASCII);

    private File directory;
    private RandomAccessFile file;
    private FileLock lock;
    private Object key;
    private long beats;

    @Override
    public void configure(PersistenceAdapter persistenceAdapter) throws IOException {
        directory = persistenceAdapter.getDirectory();
    }

    @Override
    public void doStart() throws Exception {
        shown.await();
        try {
            boolean waited = false;
            long seen = System.nanoTime();
            while (!tryLock()) {
                if (!waited) {
                    LOG.info("Waiting for the lock on {}: another broker has it, or the directory is not there", directory);
                    waited = true;
                }
                if (directory.isDirectory()) {
                    seen = System.nanoTime();
                } else if (System.nanoTime() - seen > LONGEST_ABSENCE_NANOS) {
                    throw new IOException(directory + " is not there: its file system is not mounted, or was never prepared by `up`");
                }
                TimeUnit.MILLISECONDS.sleep(lockAcquireSleepInterval);
                if (isStopping() || isStopped()) {
                    throw new IOException("told to stop while waiting for the lock on " + directory);
                }
            }
            // A master whose lock file was replaced or removed does not know it yet: by then it has asked, and ended.
            TimeUnit.MILLISECONDS.sleep(lockable.getLockKeepAlivePeriod() * 3 / 2);
            verify();
            fence();
            verify();
            LOG.info("This broker has the lock on {}", directory);
        } finally {
            shown.end();
        }
    }

    /** A group without a fence is better than one without a master: what it keeps out is rare. */
    private void fence() {
        try {
            FreshCopies.make(directory);
        } catch (IOException e) {
            LOG.warn("A machine that had the lock on {}, and comes back late, could still write to the group's messages", directory, e);
        }
    }

    /** @return whether this broker still is the master; when it is not, this does not return */
    @Override
    public boolean keepAlive() throws IOException {
        try {
            verify();
        } catch (IOException e) {
            LOG.error("The lock on {} is not this broker's any more; ending the process at once", directory, e);
            // Not exit: whatever would be written on the way out could hit what another broker writes.
            Runtime.getRuntime().halt(BrokerMain.EXIT_CODE);
        }
        return true;
    }

    @Override
    public void doStop(ServiceStopper stopper) throws Exception {
        release();
    }

    /** @return false when another broker has the lock, or the directory is not there */
    private synchronized boolean tryLock() {
        if (!directory.isDirectory()) {
            return false;
        }
        try {
            file = new RandomAccessFile(lockFile(), "rw");
            lock = file.getChannel().tryLock();
            shown.answered();
            if (lock == null) {
                release();
                return false;
            }
            key = keyOf(lockFile());
            write(file.getChannel());
            verify();
            return true;
        } catch (IOException e) {
            LOG.warn("The lock on {} could not be taken; trying again", directory, e);
            release();
            return false;
        }
    }

    /** @throws IOException saying why the lock is not, or may not be, this broker's */
    private synchronized void verify() throws IOException {
        if (lock == null || !lock.isValid()) {
            throw new IOException("it was released");
        }
        Object now;
        try {
            now = keyOf(lockFile());
        } catch (NoSuchFileException e) {
            throw new IOException(lockFile() + " was removed", e);
        }
        if (!now.equals(key)) {
            throw new IOException(lockFile() + " was replaced by another file");
        }
        FileChannel channel = file.getChannel();
        ByteBuffer found = ByteBuffer.allocate(token.length);
        channel.read(found, 0);
        if (!Arrays.equals(found.array(), token)) {
            throw new IOException("another broker has taken " + lockFile());
        }
        write(channel);
        shown.answered();
    }

    /** Through the locked handle: a file server that has given the lock to another one refuses it. */
    private void write(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(token.length + Long.BYTES).put(token).putLong(++beats).flip();
        channel.write(text, 0);
        channel.force(true);
    }

    private synchronized void release() {
        try {
            if (file != null) {
                // The lock goes with its handle.
                file.close();
            }
        } catch (IOException e) {
            LOG.warn("The lock file in {} could not be closed", directory, e);
        }
        file = null;
        lock = null;
    }

    private File lockFile() {
        return new File(directory, "lock");
    }

    /** Which file it is: device and number. */
    private static Object keyOf(File file) throws IOException {
        return Files.readAttributes(file.toPath(), BasicFileAttributes.class).fileKey();
    }
}
