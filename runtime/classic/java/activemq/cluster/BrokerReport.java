package activemq.cluster;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.TransportConnector;
import org.apache.activemq.network.NetworkConnector;
import org.apache.activemq.usage.SystemUsage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what this broker is and does into a file, twice a second, for the probe.
 *
 * <p>The metrics are no answer to that: they take longer the more queues there are, and any user of the machine can keep the exporter
 * busy. Here the cost does not grow with queues, and nobody has to be connected to. The names are those of the metrics. Every process
 * writes the file anew; one that has not been written for seconds is that of a process which hangs.
 *
 * <p>The file is written in its place and never becomes shorter, so that a disk that has become full does not matter. A reader can meet
 * half of it: it is whole when the numbers of its first and last line are the same.
 */
final class BrokerReport implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerReport.class);
    private static final long PAUSE_MILLIS = 500;
    private static final String FILE = "report";
    private static final int BLOCK = 4096;

    /** Attributes of our own beans, which a broker has or not, by its store: metric, bean, attribute. */
    private static final String[][] NUMBERS = {
        {"activemq_election_seconds_without_master", "ElectionWatchdog", "SecondsWithoutMaster"},
        {"activemq_election_seconds_stuck", "ElectionWatchdog", "SecondsStuck"},
        {"activemq_lock_waiting", "GroupLock", "Waiting"},
        {"activemq_lock_seconds_since_answer", "GroupLock", "SecondsSinceAnswer"},
        {"activemq_store_received_bytes", "StoreProgress", "ReceivedPosition"},
        {"activemq_store_indexed_bytes", "StoreProgress", "IndexedPosition"},
        {"activemq_trial_seconds_since_success", "ServiceTrial", "SecondsSinceSuccess"},
        {"activemq_trial_failures", "ServiceTrial", "Failures"},
    };

    private final MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
    private final BrokerService broker;
    private final Path file;
    /** The product's, whose name has the store's folder; null until it was found. */
    private ObjectName replication;
    private int length;
    private long number;
    private boolean failed;

    private BrokerReport(BrokerService broker, Path file) {
        this.broker = broker;
        this.file = file;
    }

    /** Does nothing where nobody said which folder is the broker's, as in a test. */
    static void start(BrokerService broker) {
        String data = System.getProperty("activemq.data");
        if (data == null) {
            return;
        }
        Thread thread = new Thread(new BrokerReport(broker, Path.of(data, FILE)), "BrokerReport");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            while (true) {
                look();
                Thread.sleep(PAUSE_MILLIS);
            }
        } catch (InterruptedException e) {
            LOG.debug("stopped");
        }
    }

    private void look() {
        try {
            write(report());
            failed = false;
        } catch (IOException | RuntimeException e) {
            if (!failed) {
                LOG.warn("Cannot write {}; what this broker does is not known outside until that is over", file, e);
            }
            failed = true;
        }
    }

    private void write(String report) throws IOException {
        number++;
        String mark = ProcessHandle.current().pid() + " " + System.currentTimeMillis() + " " + number + "\n";
        byte[] text = ("# begin " + mark + report + "# end " + mark).getBytes(StandardCharsets.UTF_8);
        length = Math.max(length, (text.length + BLOCK - 1) / BLOCK * BLOCK);
        byte[] padded = Arrays.copyOf(text, length);
        Arrays.fill(padded, text.length, length, (byte) '\n');
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            length = (int) Math.max(length, channel.size());
            ByteBuffer rest = ByteBuffer.wrap(padded);
            while (rest.hasRemaining()) {
                channel.write(rest, rest.position());
            }
        }
    }

    private String report() {
        StringBuilder lines = new StringBuilder();
        for (String[] row : NUMBERS) {
            add(lines, row[0], attribute(bean("activemq.cluster:type=" + row[1]), row[2]));
        }
        boolean slave = broker.isSlave();
        addReplication(lines, slave);
        add(lines, "activemq_broker_slave", slave);
        if (!slave && broker.isStarted()) {
            addUsage(lines);
            addBridges(lines);
            for (TransportConnector connector : broker.getTransportConnectors()) {
                label(lines, "activemq_connector_connections", "connector", connector.getName(), connector.getConnections().size());
            }
        }
        return lines.toString();
    }

    /** The name of the bean is searched only until it is found, and by slaves alone: masters have a bean for each queue. */
    private void addReplication(StringBuilder lines, boolean slave) {
        Object role = attribute(replication, "NodeRole");
        if (role == null && slave) {
            replication = findReplication();
            role = attribute(replication, "NodeRole");
        }
        if (role == null) {
            return;
        }
        label(lines, "activemq_store_role", "role", role.toString());
        Object status = attribute(replication, "Status");
        if (status != null && status.toString().matches("[A-Za-z]+.*")) {
            label(lines, "activemq_store_status", "status", status.toString().replaceAll("(?s)[^A-Za-z].*", ""));
        }
    }

    private void addUsage(StringBuilder lines) {
        SystemUsage usage = broker.getSystemUsage();
        add(lines, "activemq_broker_memory_percent", usage.getMemoryUsage().getPercentUsage());
        add(lines, "activemq_broker_store_percent", usage.getStoreUsage().getPercentUsage());
        add(lines, "activemq_broker_temp_percent", usage.getTempUsage().getPercentUsage());
    }

    private void addBridges(StringBuilder lines) {
        for (NetworkConnector connector : broker.getNetworkConnectors()) {
            String name = connector.getName();
            if (Boolean.TRUE.equals(attribute(bean("activemq.cluster:type=BridgeWatch,connector=" + name), "Up"))) {
                label(lines, "activemq_bridge_up", "connector", name);
            }
        }
    }

    private ObjectName findReplication() {
        Set<ObjectName> found = beans.queryNames(
                bean("org.apache.activemq:type=Broker,brokerName=*,service=PersistenceAdapter,instanceName=*,view=Replication"), null);
        return found.isEmpty() ? null : found.iterator().next();
    }

    private static ObjectName bean(String name) {
        try {
            return new ObjectName(name);
        } catch (JMException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /** Null when there is no such bean, or it cannot say. */
    private Object attribute(ObjectName bean, String name) {
        try {
            return bean == null ? null : beans.getAttribute(bean, name);
        } catch (JMException | RuntimeException e) {
            return null;
        }
    }

    private static void add(StringBuilder lines, String metric, Object value) {
        if (value instanceof Boolean) {
            lines.append(metric).append((Boolean) value ? " 1\n" : " 0\n");
        } else if (value != null) {
            lines.append(metric).append(' ').append(value).append('\n');
        }
    }

    private static void label(StringBuilder lines, String metric, String label, String value) {
        label(lines, metric, label, value, 1);
    }

    private static void label(StringBuilder lines, String metric, String label, String value, long number) {
        lines.append(metric).append('{').append(label).append("=\"").append(value).append("\"} ").append(number).append('\n');
    }
}
