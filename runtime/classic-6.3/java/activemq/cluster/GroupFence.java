package activemq.cluster;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.apache.activemq.store.jdbc.Statements;

/**
 * Keeps a broker that is not the master any more from writing to its group's tables: triggers, so that it is the database that refuses.
 *
 * <p>A broker that stood still for longer than its lease goes on where it was, and it takes some tenths of a second until it has asked for
 * the lease and closed its port. What it stores in that time is lost: the next master has counted the messages when it began, and gives
 * out as many (Queue.doPageInForDispatch, 6.3.1), so that for each one more an acknowledged message at the end stays where it is. Nor
 * does that master look at numbers that it has passed; and what is deleted may be a message that has got the same number since.
 *
 * <p>A connection without {@link #HOLDER} is no broker's: an administrator may do anything.
 */
final class GroupFence {
    /** The setting of a connection that says who uses it. */
    static final String HOLDER = "activemq.holder";

    private static final String TRIGGER = "only_the_master";

    private final String lockTable;
    private final List<String> tables;

    GroupFence(Statements statements) {
        lockTable = statements.getFullLockTableName();
        tables = List.of(statements.getFullMessageTableName(), statements.getFullAckTableName());
    }

    boolean isMade(Statement statement) throws SQLException {
        return number(statement, "SELECT count(*) FROM pg_trigger WHERE tgname = '" + TRIGGER + "' AND tgrelid IN (" + tableIds() + ")") == tables.size();
    }

    /** What is there already is made anew. The tables have to be there. */
    void make(Statement statement) throws SQLException {
        // Each query of a function sees what was committed before that query, and by then the table is locked for this write: see awaitWrites.
        statement.execute("CREATE OR REPLACE FUNCTION " + lockTable + "_fence() RETURNS trigger LANGUAGE plpgsql AS $$"
                + " DECLARE master text; BEGIN"
                + " SELECT BROKER_NAME INTO master FROM " + lockTable + " WHERE ID = 1;"
                + " IF current_setting('" + HOLDER + "', true) <> coalesce(master, '') THEN"
                + " RAISE EXCEPTION '% does not hold the lease of %: % does', current_setting('" + HOLDER + "'), TG_TABLE_NAME, coalesce(master, 'nobody');"
                + " END IF; RETURN NULL; END $$");
        for (String table : tables) {
            statement.execute("DROP TRIGGER IF EXISTS " + TRIGGER + " ON " + table);
            statement.execute("CREATE TRIGGER " + TRIGGER + " BEFORE INSERT OR UPDATE OR DELETE ON " + table
                    + " FOR EACH STATEMENT EXECUTE FUNCTION " + lockTable + "_fence()");
        }
    }

    /**
     * Ends the transactions that have passed the fence before the lease was this broker's. A broker that stands still in the middle of one
     * would commit it whenever it goes on.
     *
     * @return true when there are none any more
     */
    boolean endEarlierWrites(Statement statement) throws SQLException {
        return number(statement, "SELECT count(pg_terminate_backend(pid)) FROM pg_locks JOIN pg_stat_activity USING (pid)"
                + " WHERE relation IN (" + tableIds() + ") AND mode = 'RowExclusiveLock' AND granted"
                + " AND pg_locks.database = datid AND datname = current_database()"
                + " AND usename = current_user AND pid <> pg_backend_pid()") == 0;
    }

    private String tableIds() {
        return "'" + String.join("'::regclass, '", tables) + "'::regclass";
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
