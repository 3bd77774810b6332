package activemq.cluster;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.store.jdbc.TransactionContext;

/** A topic's rows in the tables, as a transaction sees them. */
final class TopicRows implements SubscriberPlace.Table {
    /** About what a cursor reads at once; a subscription may have as many numbers in memory. */
    private static final int PAGE = 200;

    private final DatabaseTopic topic;
    private final DatabaseStore store;
    private final TransactionContext transaction;
    private final int priority;

    /** @param priority counts when the topic tells priorities apart */
    TopicRows(DatabaseTopic topic, DatabaseStore store, TransactionContext transaction, int priority) {
        this.topic = topic;
        this.store = store;
        this.transaction = transaction;
        this.priority = priority;
    }

    /** Reads by the number: an index of destinations would give all of the topic's rows for each page. */
    @Override
    public SubscriberPlace.Page after(long number) throws SQLException, IOException {
        // Before the table is read: what is complete now will be seen.
        long complete = topic.complete();
        List<Long> numbers = new ArrayList<>();
        if (complete > number) {
            String rest = "AND ID > ? AND ID <= ? ORDER BY ID LIMIT " + PAGE;
            try (PreparedStatement statement = ofTopic("SELECT ID", "CONTAINER || ''", rest, number, complete);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    numbers.add(rows.getLong(1));
                }
            }
        }
        return new SubscriberPlace.Page(numbers, numbers.size() < PAGE ? complete : numbers.get(PAGE - 1));
    }

    @Override
    public int count(long after) throws SQLException, IOException {
        try (PreparedStatement statement = ofTopic("SELECT count(*)", "CONTAINER", "AND ID > ?", after)) {
            return (int) number(statement).orElse(0);
        }
    }

    /** @return the number of a message's row with a lower number than the given one, and a higher one than the other */
    boolean hasCopy(MessageId message, long before, long after) throws SQLException, IOException {
        String rest = "AND ID < ? AND ID > ? AND MSGID_PROD = ? AND MSGID_SEQ = ? LIMIT 1";
        try (PreparedStatement statement = ofTopic("SELECT ID", "CONTAINER", rest, before, after)) {
            statement.setString(4, message.getProducerId().toString());
            statement.setLong(5, message.getProducerSequenceId());
            return number(statement).isPresent();
        }
    }

    /** @return how far a subscriber has acknowledged, if there is such a subscription */
    OptionalLong place(String client, String name) throws SQLException, IOException {
        String sql = store.getStatements().getSelectDurablePriorityAckStatement();
        try (PreparedStatement statement = transaction.getConnection().prepareStatement(sql)) {
            statement.setString(1, topic.getDestination().getQualifiedName());
            statement.setString(2, client);
            statement.setString(3, name);
            statement.setInt(4, priority);
            return number(statement);
        }
    }

    /** Sets a new subscription back before messages that are under way, whatever others have been stored already. */
    void setBack(String client, String name, long most) throws SQLException, IOException {
        String sql = "UPDATE " + store.getStatements().getFullAckTableName() + " SET LAST_ACKED_ID = ?"
                + " WHERE CONTAINER = ? AND CLIENT_ID = ? AND SUB_NAME = ? AND LAST_ACKED_ID > ?";
        try (PreparedStatement statement = transaction.getConnection().prepareStatement(sql)) {
            statement.setLong(1, most);
            statement.setString(2, topic.getDestination().getQualifiedName());
            statement.setString(3, client);
            statement.setString(4, name);
            statement.setLong(5, most);
            statement.executeUpdate();
        }
    }

    /** What is prepared, and not yet committed, is not there. */
    private PreparedStatement ofTopic(String select, String name, String rest, long... numbers) throws SQLException, IOException {
        String sql = select + " FROM " + store.getStatements().getFullMessageTableName() + " WHERE " + name + " = ? AND XID IS NULL "
                + (topic.isPrioritizedMessages() ? "AND PRIORITY = " + priority + " " : "") + rest;
        PreparedStatement statement = transaction.getConnection().prepareStatement(sql);
        statement.setString(1, topic.getDestination().getQualifiedName());
        for (int i = 0; i < numbers.length; i++) {
            statement.setLong(i + 2, numbers[i]);
        }
        return statement;
    }

    private static OptionalLong number(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
        }
    }
}
