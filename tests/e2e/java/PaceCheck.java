import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.function.LongSupplier;

/** Prints after how many milliseconds something is due again that took 99, 100 and 5,000 ms, on a clock of its own. */
class PaceCheck {
    private static long millis = 7;

    public static void main(String[] arguments) throws Exception {
        LongSupplier clock = () -> millis * 1_000_000;
        Class<?> type = Class.forName("activemq.cluster.Pace");
        Constructor<?> make = type.getDeclaredConstructor(LongSupplier.class);
        make.setAccessible(true);
        Object pace = make.newInstance(clock);
        System.out.println("at first: " + pause(pace));
        for (long took : new long[] {99, 100, 5000}) {
            call(pace, "begin");
            millis += took;
            call(pace, "end");
            System.out.println(took + ": " + pause(pace));
        }
    }

    private static long pause(Object pace) throws Exception {
        long began = millis;
        while (!(Boolean) call(pace, "isDue")) {
            millis++;
        }
        return millis - began;
    }

    private static Object call(Object pace, String name) throws Exception {
        Method method = pace.getClass().getDeclaredMethod(name);
        method.setAccessible(true);
        return method.invoke(pace);
    }
}
