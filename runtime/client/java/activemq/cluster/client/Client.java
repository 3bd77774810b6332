package activemq.cluster.client;

import java.io.IOException;
import java.util.List;
import javax.jms.JMSException;

/**
 * OpenWire client of the drill and the tests. Prints JSON lines on stdout; exit code 0 means that the command did what it was
 * asked to, 1 that it could not, 2 that it was not understood. User and password come from AMQ_USER and AMQ_PASSWORD, never from
 * the command line, where every other user of the machine could read them.
 */
public final class Client {
    private static final String USAGE =
            """
            usage: Client <command> --url URL [options]

              check    connect once, and do what is asked for once
                       [--create QUEUE] [--send QUEUE] [--receive QUEUE] [--timeout SECONDS]
              send     send a number of messages
                       --queue QUEUE --count N [--prefix P] [--size BYTES] [--acked FILE] [--timeout SECONDS]
              stream   keep sending until told to stop
                       --queue QUEUE --acked FILE [--producers N] [--seconds S] [--messages N] [--size BYTES]
                       [--rate PER_SECOND] [--async]
              receive  consume until told to stop
                       --queue QUEUE --received FILE [--count N] [--idle SECONDS] [--seconds S]
              session  do what lines on stdin say, as many clients (see SessionCommand)

            A line "stop" on stdin ends stream, receive and session. User and password: AMQ_USER, AMQ_PASSWORD.
            """;

    private Client() {}

    /** Runs one command. */
    public static void main(String[] arguments) {
        try {
            run(List.of(arguments));
        } catch (UsageException e) {
            System.err.println("error: " + e.getMessage());
            System.err.print(USAGE);
            System.exit(2);
        } catch (JMSException | IOException | InterruptedException e) {
            Json.print("event", "error", "error", Json.describe(e));
            System.exit(1);
        }
        // Not return: a connection that looks for a broker would keep the process.
        System.exit(0);
    }

    private static void run(List<String> arguments) throws JMSException, IOException, InterruptedException {
        if (arguments.isEmpty()) {
            throw new UsageException("no command given");
        }
        Options options = new Options(arguments.subList(1, arguments.size()));
        switch (arguments.get(0)) {
            case "check" -> CheckCommand.run(options);
            case "send" -> SendCommand.run(options);
            case "stream" -> StreamCommand.run(options);
            case "receive" -> ReceiveCommand.run(options);
            case "session" -> SessionCommand.run(options);
            default -> throw new UsageException("no command named " + arguments.get(0));
        }
    }
}
