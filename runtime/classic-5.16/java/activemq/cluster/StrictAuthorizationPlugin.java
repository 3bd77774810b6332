package activemq.cluster;

import org.apache.activemq.broker.Broker;
import org.apache.activemq.broker.ConnectionContext;
import org.apache.activemq.command.ActiveMQDestination;
import org.apache.activemq.command.DestinationInfo;
import org.apache.activemq.security.AuthorizationBroker;
import org.apache.activemq.security.AuthorizationMap;
import org.apache.activemq.security.AuthorizationPlugin;
import org.apache.activemq.security.SecurityContext;

/**
 * Authorization that also asks for the admin right when a destination is removed.
 *
 * <p>The product's own asks only when a destination is created: anybody who is logged in may remove one that exists, messages and
 * all (CVE-2026-46605, without a fix in 5.16).
 */
public final class StrictAuthorizationPlugin extends AuthorizationPlugin {
    @Override
    public Broker installPlugin(Broker broker) {
        AuthorizationMap rights = getMap();
        return new AuthorizationBroker(broker, rights) {
            @Override
            public void removeDestination(ConnectionContext context, ActiveMQDestination destination, long timeout)
                    throws Exception {
                check(context, destination);
                super.removeDestination(context, destination, timeout);
            }

            @Override
            public void removeDestinationInfo(ConnectionContext context, DestinationInfo info) throws Exception {
                check(context, info.getDestination());
                super.removeDestinationInfo(context, info);
            }

            private void check(ConnectionContext context, ActiveMQDestination destination) {
                SecurityContext user = checkSecurityContext(context);
                // Temporary destinations belong to a connection, and the broker removes idle ones itself.
                if (!user.isBrokerContext()
                        && !destination.isTemporary()
                        && !user.isInOneOf(rights.getAdminACLs(destination))) {
                    throw new SecurityException(
                            "User " + user.getUserName() + " is not authorized to remove: " + destination);
                }
            }
        };
    }
}
