package example;

import java.time.Instant;
import java.util.List;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.jms.core.JmsTemplate;

/**
 * A client of the cluster. How to connect comes on standard input, as the JSON of the stack's secret, so that no command line and no
 * file has the password.
 *
 * <pre>
 *   java -jar spring-client.jar once &lt;queue&gt; &lt;count&gt;   sends that many and receives them again
 *   java -jar spring-client.jar run  &lt;queue&gt;             sends one a second and receives it, until it is stopped
 * </pre>
 */
final class Main {
    /** How long to wait for a message: longer than a failover takes. */
    static final long RECEIVE_MILLIS = 60_000;

    private Main() {}

    public static void main(String[] args) throws Exception {
        List<String> words = List.of(args);
        boolean once = words.size() == 3 && words.get(0).equals("once");
        boolean run = words.size() == 2 && words.get(0).equals("run");
        if (!once && !run) {
            System.err.println("usage: once <queue> <count> | run <queue>, the account as JSON on standard input");
            System.exit(2);
        }
        Account account = Account.read(System.in);
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.registerBean(Account.class, () -> account);
            context.register(ClientConfiguration.class);
            context.refresh();
            Exchange exchange = new Exchange(context.getBean(JmsTemplate.class), words.get(1));
            if (once) {
                System.out.println("received " + exchange.roundTrips(Integer.parseInt(words.get(2))));
                return;
            }
            System.out.println("connecting as " + account);
            for (long count = 1; ; count++) {
                exchange.roundTrips(1);
                if (count % 60 == 0) System.out.println(Instant.now() + " " + count + " messages so far");
                Thread.sleep(1000);
            }
        }
    }
}
