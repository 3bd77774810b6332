import java.util.Arrays;

/** {@link Subscribers} of a store of release 6.3. Arguments: seconds a life, then those of {@link Group}. */
class SubscriptionsAtOnceCheck {
    public static void main(String[] args) throws Exception {
        try (Group group = new Group(Arrays.copyOfRange(args, 1, args.length))) {
            group.start();
            new Subscribers(group).run(Integer.parseInt(args[0])).forEach(System.out::println);
        }
        System.exit(0);
    }
}
