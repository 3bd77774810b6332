package example;

import org.springframework.jms.core.JmsTemplate;

/** Sends to a queue and receives from it. Spring's exceptions are left to the caller: a send that fails was not acknowledged. */
final class Exchange {
    private final JmsTemplate template;
    private final String queue;

    Exchange(JmsTemplate template, String queue) {
        this.template = template;
        this.queue = queue;
    }

    /** @return how many messages came back, at most {@code count} */
    int roundTrips(int count) {
        for (int i = 1; i <= count; i++) {
            template.convertAndSend(queue, "message " + i);
        }
        int received = 0;
        while (received < count && template.receiveAndConvert(queue) != null) received++;
        return received;
    }
}
