package activemq.cluster;

import java.util.concurrent.TimeUnit;
import org.apache.activemq.command.Message;
import org.apache.activemq.network.NetworkBridge;
import org.apache.activemq.network.NetworkBridgeListener;

/** One attempt of a connector at a bridge, as the product tells of it; what it tells goes on to the product's own listener. */
final class BridgeAttempt implements NetworkBridgeListener {
    private enum State {
        DIALLING("began %d s ago and has not ended"),
        UP("has been up for %d s"),
        FAILED("failed %d s ago"),
        STOPPED("was stopped %d s ago");

        private final String words;

        State(String words) {
            this.words = words;
        }
    }

    private final NetworkBridgeListener product;
    private final Runnable cameOrWent;
    private State state = State.DIALLING;
    private long sinceNanos = System.nanoTime();

    /** @param cameOrWent called when the attempt has become a bridge, and when it is none any more */
    BridgeAttempt(NetworkBridgeListener product, Runnable cameOrWent) {
        this.product = product;
        this.cameOrWent = cameOrWent;
    }

    synchronized boolean isUp() {
        return state == State.UP;
    }

    /** True once it cannot become a bridge any more. */
    synchronized boolean isOver() {
        return state == State.FAILED || state == State.STOPPED;
    }

    @Override
    public synchronized String toString() {
        return String.format(state.words, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - sinceNanos));
    }

    private void become(State next) {
        boolean wasUp;
        synchronized (this) {
            // A failed one is stopped afterwards, and one that was stopped in the middle of its start does not come up.
            if (isOver()) {
                return;
            }
            wasUp = state == State.UP;
            state = next;
            sinceNanos = System.nanoTime();
        }
        if (wasUp || next == State.UP) {
            cameOrWent.run();
        }
    }

    @Override
    public void onStart(NetworkBridge bridge) {
        product.onStart(bridge);
        become(State.UP);
    }

    @Override
    public void onStop(NetworkBridge bridge) {
        become(State.STOPPED);
        product.onStop(bridge);
    }

    @Override
    public void bridgeFailed() {
        become(State.FAILED);
        product.bridgeFailed();
    }

    @Override
    public void onOutboundMessage(NetworkBridge bridge, Message message) {
        product.onOutboundMessage(bridge, message);
    }

    @Override
    public void onInboundMessage(NetworkBridge bridge, Message message) {
        product.onInboundMessage(bridge, message);
    }
}
