package activemq.cluster;

import java.io.File;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a watchdog outside of this process that it runs: systemd where that started it, else whoever looks at a file's time.
 *
 * <p>A process that is stopped (SIGSTOP, a debugger, a freezer) keeps its locks, and nothing inside it can notice.
 */
public final class Pulse {
    private static final Logger LOG = LoggerFactory.getLogger(Pulse.class);
    private static final long PAUSE_MILLIS = 1000;
    /** systemd takes it from a process of its own, because Java cannot send what its socket takes. */
    private static final int BEATS_PER_LIMIT = 4;

    private final boolean systemd = System.getenv("NOTIFY_SOCKET") != null;
    private File file;
    private int limitSeconds;

    public void setFile(File file) {
        this.file = file;
    }

    /** How long this process may be silent. */
    public void setLimitSeconds(int limitSeconds) {
        this.limitSeconds = limitSeconds;
    }

    /** Begins; the watchdog's patience counts from now on. */
    public void start() {
        Thread thread = new Thread(this::run, "Pulse");
        thread.setDaemon(true);
        // A busy process is not a frozen one.
        thread.setPriority(Thread.MAX_PRIORITY);
        thread.start();
    }

    private void run() {
        try {
            if (systemd) {
                tell("WATCHDOG_USEC=" + TimeUnit.SECONDS.toMicros(limitSeconds));
            }
            while (true) {
                if (systemd) {
                    tell("WATCHDOG=1");
                } else {
                    touch();
                }
                TimeUnit.MILLISECONDS.sleep(systemd ? TimeUnit.SECONDS.toMillis(limitSeconds) / BEATS_PER_LIMIT : PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped");
        }
    }

    private void tell(String what) throws InterruptedException {
        try {
            Process process = new ProcessBuilder("systemd-notify", what).inheritIO().start();
            if (!process.waitFor(limitSeconds, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            LOG.error("systemd cannot be told that this broker runs, and will take it for frozen", e);
        }
    }

    private void touch() {
        try {
            if (!file.createNewFile() && !file.setLastModified(System.currentTimeMillis())) {
                LOG.warn("{} cannot be touched, and this broker may be taken for frozen", file);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be made, and this broker is not watched", file, e);
        }
    }
}
