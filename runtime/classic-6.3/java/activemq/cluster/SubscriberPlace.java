package activemq.cluster;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * How far a durable subscriber has acknowledged the messages of a topic, or those of one priority where the topic tells them apart.
 *
 * <p>A message is known by the number of its row. The rows of a group's destinations have their numbers in one order, so which numbers
 * are a topic's is read from the table: up to {@code known}, each of its messages is left here, or acknowledged. What is acknowledged
 * behind that is noted by itself. So this holds what is left between messages that are acknowledged, which is about what a subscriber
 * has prefetched, and one page of the table.
 */
final class SubscriberPlace {
    /** How many acknowledgments are noted before the table is looked at, while an earlier message is left. */
    private static final int MOST_AHEAD = 200;

    final String client;
    final String name;
    final int priority;
    /** The place when this master met the subscription. */
    final long begin;

    /** The place that the database has. */
    private long written;
    /** No message up to here is left. */
    private long place;
    private long known;
    /** The last message up to {@code known}. */
    private long lastKnown;
    private final TreeSet<Long> left = new TreeSet<>();
    private final TreeSet<Long> ahead = new TreeSet<>();

    /** Numbers in their order. There is no other up to the end, nor will there be one. */
    record Page(List<Long> numbers, long end) {}

    /** The topic's messages. */
    interface Table {
        Page after(long number) throws SQLException, IOException;

        int count(long after) throws SQLException, IOException;
    }

    SubscriberPlace(String client, String name, int priority, long begin) {
        this.client = client;
        this.name = name;
        this.priority = priority;
        this.begin = begin;
        written = begin;
        place = begin;
        known = begin;
        lastKnown = begin;
    }

    synchronized long place() {
        return place;
    }

    synchronized boolean has(long number) {
        return number <= place || (number <= known ? !left.contains(number) : ahead.contains(number));
    }

    /** @return the place as it will be when these are acknowledged as well */
    synchronized long with(Collection<Long> numbers, Table table) throws SQLException, IOException {
        long last = ahead.isEmpty() ? place : ahead.last();
        for (long number : numbers) {
            last = Math.max(last, number);
        }
        Long first = firstLeft(numbers);
        while (last > known && (first == null || ahead.size() > MOST_AHEAD) && look(table)) {
            first = firstLeft(numbers);
        }
        return Math.max(place, first == null ? lastKnown : first - 1);
    }

    private Long firstLeft(Collection<Long> without) {
        for (Long number : left) {
            if (!without.contains(number)) {
                return number;
            }
        }
        return null;
    }

    /** @return whether anything was to be seen */
    private boolean look(Table table) throws SQLException, IOException {
        Page page = table.after(known);
        for (Long number : page.numbers()) {
            if (!ahead.remove(number)) {
                left.add(number);
            }
            lastKnown = number;
        }
        boolean isMore = page.end() > known;
        known = Math.max(known, page.end());
        ahead.headSet(known, true).clear();
        goOn();
        return isMore;
    }

    private void goOn() {
        place = Math.max(place, left.isEmpty() ? lastKnown : left.first() - 1);
    }

    synchronized void add(Collection<Long> numbers) {
        for (Long number : numbers) {
            if (number > known) {
                ahead.add(number);
            } else {
                left.remove(number);
            }
        }
        goOn();
    }

    /** Acknowledges all messages up to one. */
    synchronized void addUpTo(long number) {
        left.headSet(number, true).clear();
        ahead.headSet(number, true).clear();
        known = Math.max(known, number);
        lastKnown = Math.max(lastKnown, number);
        goOn();
    }

    synchronized boolean isCrowded() {
        return ahead.size() > MOST_AHEAD;
    }

    synchronized boolean isNew(long number) {
        return number > written;
    }

    synchronized void wrote(long number) {
        written = Math.max(written, number);
    }

    /** Whether the database should have a further place, now or once messages are written that are under way. */
    synchronized boolean isBehind() {
        return place > written || left.isEmpty() && !ahead.isEmpty();
    }

    synchronized int left(Table table) throws SQLException, IOException {
        return Math.max(0, left.size() - ahead.size() + table.count(known));
    }
}
