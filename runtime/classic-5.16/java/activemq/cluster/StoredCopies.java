package activemq.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.activemq.command.MessageId;

/**
 * Which of a topic's messages are there twice, because their producer had no answer from a master that died and sent them again.
 *
 * <p>Both copies are near each other: a producer sends again as soon as there is a master.
 */
final class StoredCopies {
    /** More than are published between a send and its repetition. Some 200 KB. */
    private static final int REMEMBERED = 1000;

    private final Map<String, Long> first = recent();
    private final Map<Long, Long> copies = recent();

    /** Called for each message that is written or read, in any order. */
    synchronized void met(MessageId message, long number) {
        // Its own text and not the object, which holds the message.
        Long other = first.putIfAbsent(message.getProducerId() + ":" + message.getProducerSequenceId(), number);
        if (other != null && other != number) {
            copies.put(Math.max(number, other), Math.min(number, other));
        }
    }

    /** Whether this is a second copy, and the subscriber was to get the first one from this master. */
    synchronized boolean hasFirst(long number, Acknowledged subscriber) {
        Long other = copies.get(number);
        return other != null && subscriber.wasDue(other);
    }

    private static <K> Map<K, Long> recent() {
        return new LinkedHashMap<>() {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, Long> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
