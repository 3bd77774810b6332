import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooKeeper;

/**
 * Forges what a group's members have registered, as a lost answer of ZooKeeper does by accident. Run from source:
 * {@code java -cp <zookeeper>/lib/* Znodes.java <connect> <zkPath> [<container> <regex> <replacement>]}.
 * Writes the data of that member with the replacement made (the same data is a new version, too), then prints a line per member:
 * name, a space, data.
 */
final class Znodes {
    public static void main(String[] arguments) throws Exception {
        CountDownLatch connected = new CountDownLatch(1);
        try (ZooKeeper zooKeeper = new ZooKeeper(arguments[0], 10_000, event -> {
            if (event.getState() == Watcher.Event.KeeperState.SyncConnected) {
                connected.countDown();
            }
        })) {
            if (!connected.await(20, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no ZooKeeper at " + arguments[0]);
            }
            for (String node : zooKeeper.getChildren(arguments[1], false)) {
                String path = arguments[1] + "/" + node;
                String data;
                try {
                    data = new String(zooKeeper.getData(path, false, null), StandardCharsets.UTF_8);
                } catch (KeeperException.NoNodeException gone) {
                    // A member that registers anew takes its old registration away, at any moment.
                    continue;
                }
                if (arguments.length > 2 && data.contains("\"container\":\"" + arguments[2] + "\"")) {
                    data = data.replaceAll(arguments[3], arguments[4]);
                    zooKeeper.setData(path, data.getBytes(StandardCharsets.UTF_8), -1);
                }
                System.out.println(node + " " + data);
            }
        }
    }
}
