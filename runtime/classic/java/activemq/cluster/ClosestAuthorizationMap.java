package activemq.cluster;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.security.AuthorizationEntry;
import org.apache.activemq.security.DefaultAuthorizationMap;

/**
 * Rights by the closest entry alone, as destination policies work.
 *
 * <p>The product's own map adds up the rights of every entry that matches. An entry for {@code >} then opens all destinations, and
 * no other entry can keep one, such as the dead letters, from whoever may use the rest.
 */
public final class ClosestAuthorizationMap extends DefaultAuthorizationMap {
    @Override
    public Set<Object> getReadACLs(ActiveMQDestination destination) {
        return closest(destination, AuthorizationEntry::getReadACLs);
    }

    @Override
    public Set<Object> getWriteACLs(ActiveMQDestination destination) {
        return closest(destination, AuthorizationEntry::getWriteACLs);
    }

    @Override
    public Set<Object> getAdminACLs(ActiveMQDestination destination) {
        return closest(destination, AuthorizationEntry::getAdminACLs);
    }

    private Set<Object> closest(ActiveMQDestination destination, Function<AuthorizationEntry, Set<Object>> right) {
        if (!destination.isComposite()) {
            AuthorizationEntry entry = getEntryFor(destination);
            return entry == null ? Set.of() : right.apply(entry);
        }
        // Whoever names several destinations at once needs the right on each of them.
        Set<Object> all = null;
        for (ActiveMQDestination each : destination.getCompositeDestinations()) {
            Set<Object> acls = closest(each, right);
            if (all == null) {
                all = new HashSet<>(acls);
            } else {
                all.retainAll(acls);
            }
        }
        return all == null ? Set.of() : all;
    }
}
