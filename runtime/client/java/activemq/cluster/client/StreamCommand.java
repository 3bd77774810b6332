package activemq.cluster.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.jms.JMSException;

/** Keeps sending from several producers at once, and records what was acknowledged. */
final class StreamCommand {
    /** How long sends in flight may still take once the stream has to end. */
    private static final double DRAIN_SECONDS = 30;

    private StreamCommand() {}

    static void run(Options options) throws JMSException, IOException, InterruptedException {
        options.only("--url", "--queue", "--producers", "--seconds", "--messages", "--size", "--rate", "--acked", "--async");
        int count = (int) Math.max(1, options.number("--producers", 8));
        double rate = options.seconds("--rate", 0);
        try (IdFile acked = new IdFile(options.required("--acked"))) {
            Producer.Shared shared = new Producer.Shared(
                    new Connections(options),
                    options.required("--queue"),
                    new byte[(int) options.number("--size", 1024)],
                    rate > 0 ? count / rate : 0,
                    new AtomicLong(options.number("--messages", Long.MAX_VALUE)),
                    new AtomicLong(),
                    new Acknowledgements(acked),
                    new Ending(options.seconds("--seconds", 0)));
            List<Thread> threads = start(shared, count);
            report(shared, acked, threads);
            Json.print(
                    "event", "done",
                    "acked", acked.count(),
                    "errors", shared.errors().get(),
                    "longestGapSeconds", shared.acknowledgements().longestGapSeconds(),
                    "seconds", shared.ending().seconds());
        }
    }

    /** Connects all producers before the first one sends: a wrong password is a fault of the command, not of the stream. */
    private static List<Thread> start(Producer.Shared shared, int count) throws JMSException {
        List<Producer> producers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Producer producer = new Producer(shared, i);
            producer.connect();
            producers.add(producer);
        }
        Json.print("event", "ready");
        shared.ending().begin();
        List<Thread> threads = new ArrayList<>();
        for (Producer producer : producers) {
            Thread thread = new Thread(producer);
            thread.setDaemon(true);
            thread.start();
            threads.add(thread);
        }
        return threads;
    }

    /** Reports once a second until every producer has finished, or has been given long enough to. */
    private static void report(Producer.Shared shared, IdFile acked, List<Thread> threads) throws IOException, InterruptedException {
        double reported = 0;
        double endedAt = Double.MAX_VALUE;
        while (threads.stream().anyMatch(Thread::isAlive) && shared.ending().seconds() < endedAt + DRAIN_SECONDS) {
            Thread.sleep(50);
            double now = shared.ending().seconds();
            if (now >= reported + 1) {
                reported = now;
                acked.flush();
                Json.print("event", "progress", "acked", acked.count());
            }
            if (shared.ending().reached()) {
                endedAt = Math.min(endedAt, now);
            }
        }
        acked.flush();
    }
}
