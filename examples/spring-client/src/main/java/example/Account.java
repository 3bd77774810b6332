package example;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;

/**
 * How to connect: the JSON of the secret that the stack's output clientSecretArn names. It may say more, such as the URLs of
 * other transports.
 *
 * @param url the stack's failoverUrl
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record Account(String url, String user, String password) {
    static Account read(InputStream json) throws IOException {
        Account account = new ObjectMapper().readValue(json, Account.class);
        if (account.url == null || account.user == null || account.password == null) {
            throw new IOException("standard input must be JSON with url, user and password");
        }
        return account;
    }

    /** Without the password: a record's own text would show it in any log. */
    @Override
    public String toString() {
        return user + " at " + url;
    }
}
