package activemq.cluster.client;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Options of one command: {@code --name value}, and flags without a value. */
final class Options {
    private static final Set<String> FLAGS = Set.of("--async");

    private final Map<String, String> values = new HashMap<>();

    Options(List<String> arguments) {
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            if (!name.startsWith("--")) {
                throw new UsageException("unexpected argument " + name);
            }
            if (FLAGS.contains(name)) {
                values.put(name, "true");
            } else if (++i < arguments.size()) {
                values.put(name, arguments.get(i));
            } else {
                throw new UsageException(name + " needs a value");
            }
        }
    }

    /** Ends the reading of options: whatever is not among the known ones is a fault. */
    Options only(String... known) {
        for (String name : values.keySet()) {
            if (!Set.of(known).contains(name)) {
                throw new UsageException("unknown option " + name);
            }
        }
        return this;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    String required(String name) {
        return text(name).orElseThrow(() -> new UsageException(name + " is missing"));
    }

    long number(String name, long otherwise) {
        try {
            long number = Long.parseLong(values.getOrDefault(name, Long.toString(otherwise)));
            if (number < 0) {
                throw new UsageException(name + " must not be negative");
            }
            return number;
        } catch (NumberFormatException e) {
            throw new UsageException(name + " is not a whole number: " + values.get(name));
        }
    }

    double seconds(String name, double otherwise) {
        try {
            double seconds = Double.parseDouble(values.getOrDefault(name, Double.toString(otherwise)));
            if (!(seconds >= 0)) {
                throw new UsageException(name + " must not be negative");
            }
            return seconds;
        } catch (NumberFormatException e) {
            throw new UsageException(name + " is not a number: " + values.get(name));
        }
    }
}
