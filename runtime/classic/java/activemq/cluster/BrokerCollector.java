package activemq.cluster;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.BrokerService;
import org.apache.activemq.broker.TransactionBroker;
import org.apache.activemq.broker.TransportConnector;
import org.apache.activemq.broker.region.Destination;
import org.apache.activemq.broker.region.DurableTopicSubscription;
import org.apache.activemq.broker.region.RegionBroker;
import org.apache.activemq.broker.region.TopicRegion;
import org.apache.activemq.util.SubscriptionKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics of queues, durable subscriptions, transport connectors and transactions, for the exporter in this process.
 *
 * <p>The product has a bean for each. The exporter asks a bean for all of its attributes, of which a queue has more than 70, and some
 * of them read the store; then it holds each against every rule. A scrape took 3 s with 500 queues and up to 147 s with 2,000. Here are
 * counters in memory alone. Their names and meanings are core/products/metrics.ts.
 */
final class BrokerCollector implements MultiCollector {
    private static final Logger LOG = LoggerFactory.getLogger(BrokerCollector.class);

    private final BrokerService broker;

    private BrokerCollector(BrokerService broker) {
        this.broker = broker;
    }

    static void register(BrokerService broker) {
        PrometheusRegistry.defaultRegistry.register(new BrokerCollector(broker));
    }

    @Override
    public MetricSnapshots collect() {
        MetricSnapshots.Builder all = MetricSnapshots.builder();
        // Before that and afterwards there are none.
        if (broker.isStarted() && broker.getRegionBroker() instanceof RegionBroker) {
            RegionBroker regions = (RegionBroker) broker.getRegionBroker();
            addQueues(all, regions.getQueueRegion().getDestinationMap().values().stream()
                    .filter(queue -> !queue.getName().startsWith(ServiceTrial.PREFIX)).collect(Collectors.toList()));
            if (regions.getTopicRegion() instanceof TopicRegion) {
                addSubscriptions(all, ((TopicRegion) regions.getTopicRegion()).getDurableSubscriptions().values());
            }
            addConnectors(all, broker.getTransportConnectors());
            addTransactions(all);
        }
        return all.build();
    }

    private static void addConnectors(MetricSnapshots.Builder all, Collection<TransportConnector> found) {
        Rows<TransportConnector> connectors = new Rows<>(all, found, connector -> Labels.of("connector", connector.getName()));
        connectors.gauge("activemq_connector_connections", "Open connections of a transport connector.",
                connector -> connector.getConnections().size());
    }

    /** What XA has prepared is in the store and in no queue's count. A broker that cannot tell says nothing of it. */
    private void addTransactions(MetricSnapshots.Builder all) {
        try {
            Broker transactions = broker.getBroker().getAdaptor(TransactionBroker.class);
            if (transactions != null) {
                // The product does not look at whose they are.
                long prepared = transactions.getPreparedTransactions(null).length;
                new Rows<>(all, List.of(transactions), any -> Labels.EMPTY)
                        .gauge("activemq_prepared_transactions", "XA transactions that are prepared and not ended.", any -> prepared);
            }
        } catch (Exception e) {
            LOG.debug("Prepared transactions are not known", e);
        }
    }

    private static void addQueues(MetricSnapshots.Builder all, Collection<Destination> found) {
        Rows<Destination> queues = new Rows<>(all, found, queue -> Labels.of("queue", queue.getName()));
        queues.gauge("activemq_queue_size", "Messages that are not acknowledged.",
                queue -> queue.getDestinationStatistics().getMessages().getCount());
        queues.gauge("activemq_queue_consumers", "Consumers, bridges included.",
                queue -> queue.getDestinationStatistics().getConsumers().getCount());
        queues.gauge("activemq_queue_producers", "Producers.",
                queue -> queue.getDestinationStatistics().getProducers().getCount());
        queues.gauge("activemq_queue_in_flight", "Messages that consumers have and did not acknowledge.",
                queue -> queue.getDestinationStatistics().getInflight().getCount());
        queues.gauge("activemq_queue_memory_percent", "Use of the queue's memory limit, in percent.",
                queue -> queue.getMemoryUsage().getPercentUsage());
        queues.counter("activemq_queue_enqueued", "Messages that came.",
                queue -> queue.getDestinationStatistics().getEnqueues().getCount());
        queues.counter("activemq_queue_dequeued", "Messages that were acknowledged.",
                queue -> queue.getDestinationStatistics().getDequeues().getCount());
        queues.counter("activemq_queue_expired", "Messages that expired.",
                queue -> queue.getDestinationStatistics().getExpired().getCount());
    }

    private static void addSubscriptions(MetricSnapshots.Builder all, Collection<DurableTopicSubscription> found) {
        Rows<DurableTopicSubscription> subscriptions = new Rows<>(all, found, BrokerCollector::labelsOf);
        subscriptions.gauge("activemq_durable_subscription_active", "1 while the subscriber is connected, 0 while its messages pile up.",
                subscription -> subscription.isActive() ? 1 : 0);
        subscriptions.gauge("activemq_durable_subscription_size", "Messages that the subscriber has not acknowledged.",
                DurableTopicSubscription::getPendingQueueSize);
    }

    private static Labels labelsOf(DurableTopicSubscription subscription) {
        SubscriptionKey key = subscription.getSubscriptionKey();
        return Labels.of("client", key.getClientId(), "subscription", key.getSubscriptionName());
    }

    /** What metrics have a sample for each of. */
    private static final class Rows<T> {
        private final MetricSnapshots.Builder all;
        private final List<T> rows;
        private final List<Labels> labels;

        Rows(MetricSnapshots.Builder all, Collection<T> found, Function<T, Labels> labelsOf) {
            this.all = all;
            this.rows = List.copyOf(found);
            this.labels = rows.stream().map(labelsOf).collect(Collectors.toList());
        }

        void gauge(String name, String help, ToLongFunction<T> value) {
            GaugeSnapshot.Builder metric = GaugeSnapshot.builder().name(name).help(help);
            for (int i = 0; i < rows.size(); i++) {
                metric.dataPoint(new GaugeDataPointSnapshot(value.applyAsLong(rows.get(i)), labels.get(i), null));
            }
            all.metricSnapshot(metric.build());
        }

        /** @param name without the {@code _total} that the format adds */
        void counter(String name, String help, ToLongFunction<T> value) {
            CounterSnapshot.Builder metric = CounterSnapshot.builder().name(name).help(help);
            for (int i = 0; i < rows.size(); i++) {
                metric.dataPoint(new CounterDataPointSnapshot(value.applyAsLong(rows.get(i)), labels.get(i), null, 0));
            }
            all.metricSnapshot(metric.build());
        }
    }
}
