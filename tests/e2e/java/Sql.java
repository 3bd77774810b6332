import java.io.FileInputStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Properties;

/** Runs a statement in a stack's database: URL, folder of a broker's credentials.properties, statement. */
class Sql {
    public static void main(String[] args) throws Exception {
        Properties credentials = new Properties();
        try (FileInputStream in = new FileInputStream(args[1] + "/credentials.properties")) {
            credentials.load(in);
        }
        String password = credentials.getProperty("jdbc.password");
        try (Connection connection = DriverManager.getConnection(args[0], "activemq", password)) {
            connection.createStatement().execute(args[2]);
        }
    }
}
