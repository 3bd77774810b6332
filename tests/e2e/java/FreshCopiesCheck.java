import activemq.cluster.FreshCopies;
import java.io.File;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A former master has all files of a group open, and writes to them when its successor has made its copies. Argument: a folder. */
class FreshCopiesCheck {
    private static final List<String> NAMES =
            List.of("db-1.log", "db-8.log", "db-9.log", "db-10.log", "db-11.log", "db.data", "db.free", "db.redo", "lock");

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        // Of one that died while it made them.
        Files.writeString(folder.resolve("copy-of-db.data"), "half");
        List<RandomAccessFile> former = new ArrayList<>();
        for (String name : NAMES) {
            Files.writeString(folder.resolve(name), "acknowledged");
            former.add(new RandomAccessFile(folder.resolve(name).toFile(), "rw"));
        }
        FreshCopies.make(new File(args[0]));
        for (RandomAccessFile file : former) {
            file.write("late".getBytes());
            file.getFD().sync();
        }
        for (String name : NAMES) {
            System.out.println(name + ": " + Files.readString(folder.resolve(name)));
        }
        try (var files = Files.list(folder)) {
            System.out.println("files: " + files.count());
        }
    }
}
