package activemq.cluster.client;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.jms.JMSException;
import javax.jms.Session;
import org.apache.activemq.ActiveMQConnection;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.DestinationInfo;

/** Connects once, does what is asked for once, and says whether it went well. */
final class CheckCommand {
    private CheckCommand() {}

    static void run(Options options) throws InterruptedException {
        options.only("--url", "--create", "--send", "--receive", "--timeout");
        Connections connections = new Connections(options);
        double timeout = options.seconds("--timeout", 10);
        CompletableFuture<Void> result = new CompletableFuture<>();
        // In a thread of its own: a failover URL looks for a broker for ever, and no call of the client has a time limit.
        Thread thread = new Thread(() -> {
            try {
                perform(connections, options, result);
                result.complete(null);
            } catch (JMSException | RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        print(wait(result, timeout));
    }

    private static void print(Optional<String> error) {
        error.ifPresentOrElse(text -> Json.print("ok", false, "error", text), () -> Json.print("ok", true));
    }

    private static Optional<String> wait(CompletableFuture<Void> result, double timeout) throws InterruptedException {
        try {
            result.get((long) (timeout * 1000), TimeUnit.MILLISECONDS);
            return Optional.empty();
        } catch (ExecutionException e) {
            return Optional.of(Json.describe(e.getCause()));
        } catch (TimeoutException e) {
            return Optional.of("TimeoutException: no answer within " + timeout + " s");
        }
    }

    private static void perform(Connections connections, Options options, CompletableFuture<Void> result) throws JMSException {
        ActiveMQConnection connection = connections.open();
        // Some refusals arrive beside the call that caused them.
        connection.setExceptionListener(result::completeExceptionally);
        Session session = Connections.session(connection);
        if (options.has("--create")) {
            ActiveMQQueue queue = new ActiveMQQueue(options.required("--create"));
            connection.syncSendPacket(
                    new DestinationInfo(connection.getConnectionInfo().getConnectionId(), DestinationInfo.ADD_OPERATION_TYPE, queue));
        }
        if (options.has("--send")) {
            session.createProducer(session.createQueue(options.required("--send")))
                    .send(Connections.message(session, "check", new byte[0]));
        }
        if (options.has("--receive")) {
            // The right to consume is what is tried; the selector keeps every message where it is.
            session.createConsumer(session.createQueue(options.required("--receive")), "1 = 0");
        }
        connection.close();
    }
}
