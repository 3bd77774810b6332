package activemq.cluster.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Many clients in one process, told what to do by lines on stdin: words divided by tabs, the first ones the operation's id, the client
 * and the verb, the others {@code name=value}. Each client has a connection and a thread of its own, and does one operation after the
 * other; what came of it is a JSON line.
 */
final class SessionCommand {
    private SessionCommand() {}

    static void run(Options options) throws IOException {
        options.only("--url");
        Connections connections = new Connections(options);
        Map<String, ExecutorService> threads = new HashMap<>();
        Map<String, SessionClient> clients = new HashMap<>();
        Json.print("event", "ready");
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null && !line.equals("stop"); line = lines.readLine()) {
            Request request = Request.parse(line);
            SessionClient client = clients.computeIfAbsent(request.client(), name -> new SessionClient(connections, name));
            threads.computeIfAbsent(request.client(), SessionCommand::thread).execute(() -> client.perform(request));
        }
        Json.print("event", "done");
    }

    private static ExecutorService thread(String client) {
        return Executors.newSingleThreadExecutor(work -> {
            Thread thread = new Thread(work, client);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** One line. */
    record Request(String id, String client, String verb, Map<String, String> values) {
        static Request parse(String line) {
            String[] words = line.split("\t");
            if (words.length < 3) {
                throw new UsageException("not an operation: " + line);
            }
            Map<String, String> values = new HashMap<>();
            for (int i = 3; i < words.length; i++) {
                String[] parts = words[i].split("=", 2);
                values.put(parts[0], parts.length > 1 ? parts[1] : "");
            }
            return new Request(words[0], words[1], words[2], values);
        }

        String text(String name) {
            String value = values.get(name);
            if (value == null) {
                throw new UsageException(verb + " needs " + name);
            }
            return value;
        }

        int number(String name) {
            return Integer.parseInt(text(name));
        }
    }
}
