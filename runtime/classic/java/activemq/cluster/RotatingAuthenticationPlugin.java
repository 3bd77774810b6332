package activemq.cluster;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Map;
import org.apache.activemq.broker.Broker;
import org.apache.activemq.security.SecurityContext;
import org.apache.activemq.security.SimpleAuthenticationBroker;
import org.apache.activemq.security.SimpleAuthenticationPlugin;

/**
 * Log-in with two passwords for a user: the current one, and for as long as a rotation lasts the one before.
 *
 * <p>The product's own plugin knows one. Whichever is given, the user and its groups are the same. Nobody gets in without a name and
 * a password: what this class inherits about anonymous access is not handed to the broker.
 */
public final class RotatingAuthenticationPlugin extends SimpleAuthenticationPlugin {
    // Asked for a null name when a client gives none, which Map.of() and its like answer with an exception.
    private Map<String, String> previousPasswords = new HashMap<>();

    /** @param previousPasswords by user name; a user that is not among {@link #setUsers} does not become one by this */
    public void setPreviousPasswords(Map<String, String> previousPasswords) {
        this.previousPasswords = new HashMap<>(previousPasswords);
    }

    @Override
    public Broker installPlugin(Broker broker) {
        Map<String, String> passwords = getUserPasswords();
        return new SimpleAuthenticationBroker(broker, passwords, getUserGroups()) {
            // Every way in ends here: connections of all transports, and AMQP's SASL, which asks before it connects.
            @Override
            public SecurityContext authenticate(String user, String password, X509Certificate[] certificates) {
                return super.authenticate(user, isPrevious(user, password) ? passwords.get(user) : password, certificates);
            }
        };
    }

    private boolean isPrevious(String user, String password) {
        String previous = previousPasswords.get(user);
        return previous != null && password != null && MessageDigest.isEqual(bytes(previous), bytes(password));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
