import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQQueue;
import org.apache.activemq.command.ActiveMQTextMessage;
import org.apache.activemq.command.MessageId;
import org.apache.activemq.store.MessageStore;
import org.apache.activemq.store.ProxyMessageStore;

/**
 * Whether a message has its number, by which a queue takes it for stored: when the database refuses it, and when it takes it; alone, and in
 * a transaction. Arguments: those of Group.
 */
class RefusedSendCheck {
    private static final ActiveMQQueue QUEUE = new ActiveMQQueue("queue");

    public static void main(String[] args) throws Exception {
        try (Group group = new Group(args)) {
            group.start();
            MessageStore queue = group.store().createQueueMessageStore(QUEUE);
            for (boolean refused : new boolean[] {true, false}) {
                if (refused) group.refuseMessages(true);
                ActiveMQTextMessage alone = message(refused ? 1 : 2);
                attempt(() -> queue.addMessage(new ConnectionContext(), alone));
                ActiveMQTextMessage inTransaction = message(refused ? 3 : 4);
                ConnectionContext open = group.begin();
                ((ProxyMessageStore) queue).getDelegate().addMessage(open, inTransaction);
                String before = number(inTransaction);
                attempt(() -> group.store().commitTransaction(open));
                if (refused) group.refuseMessages(false);
                System.out.println(args[0] + (refused ? ", refused: " : ", stored: ") + number(alone) + ", in a transaction " + before
                        + " and then " + number(inTransaction));
            }
        }
        System.exit(0);
    }

    private interface Call {
        void call() throws Exception;
    }

    private static void attempt(Call call) {
        try {
            call.call();
        } catch (Exception e) {
            // As the database wants it.
        }
    }

    private static String number(ActiveMQTextMessage message) {
        return message.getMessageId().getFutureOrSequenceLong() == null ? "no number" : "a number";
    }

    private static ActiveMQTextMessage message(int number) {
        ActiveMQTextMessage message = new ActiveMQTextMessage();
        message.setMessageId(new MessageId("ID:check-1:1:1:1", number));
        message.setProducerId(message.getMessageId().getProducerId());
        message.setDestination(QUEUE);
        message.setPersistent(true);
        return message;
    }
}
