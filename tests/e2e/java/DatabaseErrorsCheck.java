import activemq.cluster.DatabaseErrors;
import activemq.cluster.GroupDatabase;
import java.io.IOException;
import java.sql.SQLException;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.SuppressReplyException;

/** What becomes of a broker's process by an error of its database. Arguments: SQLSTATEs, or "connecting", or "none". */
class DatabaseErrorsCheck {
    public static void main(String[] args) throws Exception {
        DatabaseErrors errors = new DatabaseErrors();
        errors.setBrokerService(new BrokerService());
        for (String state : args) {
            try {
                errors.handle(new IOException("a write failed", error(state)));
                System.out.println(state + ": goes on");
            } catch (SuppressReplyException e) {
                // It ends, or this waits for ever.
                Thread.currentThread().join();
            }
        }
        System.exit(0);
    }

    private static SQLException error(String state) {
        if (state.equals("connecting")) {
            // Nobody listens there.
            try (GroupDatabase database = new GroupDatabase()) {
                database.setUrl("jdbc:postgresql://127.0.0.1:1/activemq");
                database.getConnection();
            } catch (SQLException e) {
                return e;
            }
            throw new IllegalStateException("there is a database on port 1");
        }
        return new SQLException("refused", state.equals("none") ? null : state);
    }
}
