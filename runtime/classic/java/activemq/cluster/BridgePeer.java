package activemq.cluster;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.activemq.command.BrokerInfo;
import org.apache.activemq.command.ShutdownInfo;
import org.apache.activemq.transport.DefaultTransportListener;
import org.apache.activemq.transport.Transport;
import org.apache.activemq.transport.TransportFactory;
import org.apache.activemq.util.URISupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group that a connector dials. Only its master opens its transport connectors, so whoever answers is the master. */
final class BridgePeer {
    private static final Logger LOG = LoggerFactory.getLogger(BridgePeer.class);
    private static final long LONGEST_ANSWER_SECONDS = 5;

    private final List<URI> addresses;

    /** @param connector a connector's address, such as {@code masterslave:(tcp://a:1,tcp://b:1)?options} */
    BridgePeer(URI connector) throws URISyntaxException {
        addresses = List.of(URISupport.parseComposite(connector).getComponents());
    }

    /** Dials one broker after the other. @return the address of the one that tells who it is, as it does to a bridge */
    Optional<String> master() throws InterruptedException {
        for (URI address : addresses) {
            if (answers(address)) {
                return Optional.of(address.getHost() + ":" + address.getPort());
            }
        }
        return Optional.empty();
    }

    /** Says goodbye, because the other broker would warn of a connection that just breaks. */
    private static boolean answers(URI address) throws InterruptedException {
        Transport transport = null;
        try {
            transport = TransportFactory.connect(address);
            CompletableFuture<Void> told = new CompletableFuture<>();
            transport.setTransportListener(new DefaultTransportListener() {
                @Override
                public void onCommand(Object command) {
                    if (command instanceof BrokerInfo) {
                        told.complete(null);
                    }
                }

                @Override
                public void onException(IOException error) {
                    told.completeExceptionally(error);
                }
            });
            transport.start();
            told.get(LONGEST_ANSWER_SECONDS, TimeUnit.SECONDS);
            transport.oneway(new ShutdownInfo());
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("{} does not say who it is", address, e);
            return false;
        } catch (Exception e) {
            // The product's start and stop declare no other.
            LOG.debug("cannot dial {}", address, e);
            return false;
        } finally {
            hangUp(transport);
        }
    }

    private static void hangUp(Transport transport) {
        try {
            if (transport != null) {
                transport.stop();
            }
        } catch (Exception e) {
            LOG.debug("cannot hang up", e);
        }
    }
}
