import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * What store jdbc notes of a durable subscription, against a plain set of what is left, while messages are committed in another order than
 * that of their numbers and acknowledged in any order. Prints how much was noted at most. Arguments: seeds.
 */
class PlaceCheck {
    private static final int STEPS = 15_000;
    /** Messages that the subscriber has at most. */
    private static final int HELD = 100;

    private final Random random;
    private final Object place;
    private final Object table;
    /** The topic's messages, as far as they are committed. */
    private final NavigableSet<Long> stored = new TreeSet<>();
    private final NavigableSet<Long> underWay = new TreeSet<>();
    private final NavigableSet<Long> left = new TreeSet<>();
    private final List<Long> held = new ArrayList<>();
    private long number = 1;
    private long written;
    private int most;

    private PlaceCheck(long seed) throws Exception {
        random = new Random(seed);
        Class<?> type = Class.forName("activemq.cluster.SubscriberPlace");
        place = make(type, "client", "name", 0, 0L);
        Class<?> tableType = Class.forName("activemq.cluster.SubscriberPlace$Table");
        InvocationHandler rows = (proxy, method, arguments) ->
                method.getName().equals("count") ? stored.tailSet((Long) arguments[0], false).size() : page((Long) arguments[0]);
        table = Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {tableType}, rows);
    }

    public static void main(String[] args) throws Exception {
        for (String seed : args) {
            PlaceCheck check = new PlaceCheck(Long.parseLong(seed));
            for (int step = 0; step < STEPS; step++) check.step();
            System.out.println("seed " + seed + ": as it should be, " + (check.most < 2000 ? "less than 2000" : check.most) + " noted");
        }
    }

    private void step() throws Exception {
        switch (random.nextInt(10)) {
            case 0, 1, 2 -> {
                // Others have numbers, too.
                number += 1 + random.nextInt(5);
                underWay.add(number);
            }
            case 3, 4, 5 -> commit();
            case 6 -> {
                if (random.nextInt(20) == 0) check();
            }
            default -> acknowledge();
        }
    }

    private void commit() {
        List<Long> all = new ArrayList<>(underWay);
        if (all.isEmpty()) return;
        Long one = all.get(random.nextInt(all.size()));
        underWay.remove(one);
        // Rolled back.
        if (random.nextInt(10) == 0) return;
        stored.add(one);
        left.add(one);
        held.add(one);
    }

    /** Mostly the first one, but the very first one stays for long. */
    private void acknowledge() throws Exception {
        if (held.isEmpty()) return;
        Set<Long> numbers = new HashSet<>();
        for (int i = random.nextInt(3); i >= 0 && !held.isEmpty(); i--) {
            int first = random.nextInt(4000) == 0 ? 0 : 1;
            if (held.size() <= first) break;
            boolean inOrder = held.size() > HELD || random.nextInt(3) > 0;
            int index = inOrder ? first : first + random.nextInt(held.size() - first);
            numbers.add(held.remove(index));
        }
        if (numbers.isEmpty()) return;
        boolean fails = random.nextInt(20) == 0;
        long reached = (Long) call("with", numbers, table);
        left.removeAll(numbers);
        if (!left.isEmpty() && reached >= left.first()) throw new IllegalStateException("passes " + left.first() + ": " + reached);
        Long behind = stored.higher(reached);
        boolean seen = behind != null && behind <= complete();
        if (seen && !left.contains(behind)) throw new IllegalStateException("stays before " + behind + ": " + reached);
        if (fails) {
            left.addAll(numbers);
            held.addAll(numbers);
            held.sort(null);
            return;
        }
        call("add", numbers);
        if ((Long) call("place") < reached) throw new IllegalStateException("goes back to " + call("place") + " from " + reached);
        written = Math.max(written, reached);
    }

    private void check() throws Exception {
        for (Long one : stored) {
            boolean acknowledged = (Boolean) call("has", one);
            if (acknowledged == left.contains(one)) throw new IllegalStateException(one + " is acknowledged: " + acknowledged);
        }
        int count = (Integer) call("left", table);
        if (count != left.size()) throw new IllegalStateException(count + " are left, not " + left.size());
        most = Math.max(most, ((Collection<?>) field("left")).size() + ((Collection<?>) field("ahead")).size());
        // Unused ones.
        stored.headSet(written, true).clear();
    }

    private long complete() {
        return underWay.isEmpty() ? number : underWay.first() - 1;
    }

    /** As the table gives it: short ones, so that there are many. */
    private Object page(long after) throws Exception {
        List<Long> numbers = new ArrayList<>();
        for (Long one : stored.tailSet(after, false)) {
            if (one <= complete() && numbers.size() < 10) numbers.add(one);
        }
        long end = numbers.size() < 10 ? Math.max(after, complete()) : numbers.get(9);
        return make(Class.forName("activemq.cluster.SubscriberPlace$Page"), numbers, end);
    }

    private Object call(String name, Object... arguments) throws Exception {
        for (Method method : place.getClass().getDeclaredMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == arguments.length) {
                method.setAccessible(true);
                return method.invoke(place, arguments);
            }
        }
        throw new NoSuchMethodException(name);
    }

    private Object field(String name) throws Exception {
        var field = place.getClass().getDeclaredField(name);
        field.setAccessible(true);
        return field.get(place);
    }

    private static Object make(Class<?> type, Object... arguments) throws Exception {
        Constructor<?> constructor = type.getDeclaredConstructors()[0];
        constructor.setAccessible(true);
        return constructor.newInstance(arguments);
    }
}
