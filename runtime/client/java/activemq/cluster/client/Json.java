package activemq.cluster.client;

import java.util.Locale;

/** Prints flat JSON objects, one a line. */
final class Json {
    private Json() {}

    /** Prints one object; keys and values alternate, a value is a string, a number or a boolean. */
    static synchronized void print(Object... keysAndValues) {
        System.out.println(object(keysAndValues));
        System.out.flush();
    }

    static String object(Object... keysAndValues) {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < keysAndValues.length; i += 2) {
            text.append(i == 0 ? "" : ",").append(value(keysAndValues[i])).append(':').append(value(keysAndValues[i + 1]));
        }
        return text.append('}').toString();
    }

    /** What went wrong, as class and message. */
    static String describe(Throwable e) {
        return e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private static String value(Object value) {
        if (value instanceof Double number) {
            return String.format(Locale.ROOT, "%.3f", number);
        }
        if (value instanceof Number || value instanceof Boolean) {
            return value.toString();
        }
        StringBuilder text = new StringBuilder("\"");
        for (char c : String.valueOf(value).toCharArray()) {
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> text.append(c < 0x20 || Character.isSurrogate(c) ? String.format("\\u%04x", (int) c) : c);
            }
        }
        return text.append('"').toString();
    }
}
