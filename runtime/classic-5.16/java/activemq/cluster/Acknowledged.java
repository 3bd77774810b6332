package activemq.cluster;

import java.util.Map;
import java.util.TreeMap;

/** What a durable subscriber has acknowledged of a topic, by the messages' numbers there. */
final class Acknowledged {
    /** How far the subscriber had come when this master met the subscription. */
    private final long begin;
    /** Nothing up to here is left to acknowledge. */
    private long place;
    /** Stretches of what is acknowledged ahead of the place: first number to last number. No two of them touch. */
    private final TreeMap<Long, Long> ahead = new TreeMap<>();

    /** Looks for a message that the topic has. */
    interface Search {
        /** @return the number of the first one in the topic from {@code from} on, or {@code to} when there is none before it */
        long first(long from, long to);
    }

    Acknowledged(long place) {
        this.begin = place;
        this.place = place;
    }

    synchronized long place() {
        return place;
    }

    /** Whether the subscriber was to get this message from this master, so that a copy of it tells it nothing. */
    boolean wasDue(long number) {
        return number > begin;
    }

    synchronized boolean has(long number) {
        Map.Entry<Long, Long> stretch = ahead.floorEntry(number);
        return number <= place || stretch != null && number <= stretch.getValue();
    }

    /** How many messages up to this one are left, gaps between numbers included. */
    synchronized long left(long last) {
        long left = last - place;
        for (Map.Entry<Long, Long> stretch : ahead.entrySet()) {
            left -= stretch.getValue() - stretch.getKey() + 1;
        }
        return Math.max(0, left);
    }

    /** Without a look at the numbers in between. */
    void add(long number) {
        add(number, (from, to) -> from);
    }

    /** @return the place, which goes on to the next message that is left, but over numbers that no message has */
    synchronized long add(long number, Search search) {
        if (!has(number)) {
            insert(number);
        }
        while (!ahead.isEmpty()) {
            long next = ahead.firstKey();
            long left = search.first(place + 1, next);
            if (left < next) {
                place = left - 1;
                break;
            }
            place = ahead.pollFirstEntry().getValue();
        }
        return place;
    }

    private void insert(long number) {
        Map.Entry<Long, Long> below = ahead.floorEntry(number);
        long first = below != null && below.getValue() == number - 1 ? below.getKey() : number;
        Long last = ahead.remove(number + 1);
        ahead.put(first, last == null ? number : last);
    }
}
