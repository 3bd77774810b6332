package activemq.cluster;

import java.io.IOException;
import org.apache.activemq.command.ActiveMQTopic;
import org.apache.activemq.store.TopicMessageStore;
import org.apache.activemq.store.kahadb.KahaDBPersistenceAdapter;

/** The product's KahaDB, with topics that keep what their durable subscribers hold when the broker takes it for a duplicate. */
public final class FileStore extends KahaDBPersistenceAdapter {
    @Override
    public TopicMessageStore createTopicMessageStore(ActiveMQTopic topic) throws IOException {
        return new FileTopic(super.createTopicMessageStore(topic));
    }
}
