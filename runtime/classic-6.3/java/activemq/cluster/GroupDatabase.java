package activemq.cluster;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.apache.commons.dbcp2.BasicDataSource;

/**
 * The pool of connections to a group's database, each of which says at once whose it is. {@link GroupFence} refuses what comes over the
 * connections of a broker that is not the master any more.
 */
public final class GroupDatabase extends BasicDataSource {
    /** Tells this process from another one of the same broker: one on a machine that was replaced while it was paused. */
    private static final String PROCESS = UUID.randomUUID().toString().substring(0, 8);

    /** There was no connection, or it broke at a question before the write: nothing was written. */
    static final class NotConnected extends SQLException {
        private static final long serialVersionUID = 1;

        NotConnected(SQLException cause) {
            super(cause.getMessage(), cause.getSQLState(), cause);
        }
    }

    private String holder;

    /** @param broker its name, another one for each broker that uses the database; without quotes or backslashes */
    public void setBroker(String broker) {
        holder = broker + "#" + PROCESS;
        setConnectionInitSqls(List.of("SET " + GroupFence.HOLDER + " TO '" + holder + "'"));
    }

    /** Its failures are told apart from those of a connection in use: {@link DatabaseErrors}. */
    @Override
    public Connection getConnection() throws SQLException {
        try {
            return super.getConnection();
        } catch (SQLException e) {
            throw new NotConnected(e);
        }
    }

    /** The name by which this process holds the lease. */
    public String getHolder() {
        return holder;
    }
}
