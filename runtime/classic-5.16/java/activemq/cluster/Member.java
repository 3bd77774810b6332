package activemq.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;

/**
 * One member of a broker group, as the replicated store registers it in ZooKeeper.
 *
 * @param sequence the digits after the first 0 of the znode's name; they grow with every registration
 * @param id the broker name, the same for the whole group
 * @param container the member's own name
 * @param address where the master serves its slaves; null on everybody else
 * @param position how far the member's store has come, reported during an election only, else -1
 * @param elected the sequence of the elected master; only the elector sets it
 */
record Member(String sequence, String id, String container, String address, long position, String elected) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static boolean isMember(String node) {
        return node.matches("0\\d+");
    }

    static Member parse(String node, byte[] data) throws IOException {
        JsonNode json = MAPPER.readTree(data);
        return new Member(
                node.substring(1),
                json.path("id").asText(null),
                json.path("container").asText(null),
                json.path("address").asText(null),
                json.path("position").asLong(-1),
                json.path("elected").asText(null));
    }
}
