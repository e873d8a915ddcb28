package dev.sluice.admin.bootstrap;

import dev.sluice.store.Database;
import dev.sluice.store.Encryption;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * Encrypts everything that is stored encrypted under another key: upstream credentials, upstream
 * headers, and the key under which API keys are digested, so that every API key stays good. All of
 * it in one transaction.
 */
public final class SecretRotation {
    private final Database database;
    private final Encryption from;
    private final Encryption to;

    public SecretRotation(Database database, Encryption from, Encryption to) {
        this.database = database;
        this.from = from;
        this.to = to;
    }

    /** How many of each were encrypted anew. */
    public record Rotated(int ownSecrets, int upstreamKeys, int upstreamHeaders) {}

    /**
     * {@return what was done}
     *
     * @throws IllegalStateException when something does not open with the key of now; nothing has
     *     then changed
     */
    public Rotated rotate() {
        return database.write(handle ->
                new Rotated(ownSecrets(handle), upstreamKeys(handle), upstreamHeaders(handle)));
    }

    /** {@return whether that key opens this database; empty while there is nothing to open} */
    public static Optional<Boolean> opens(Database database, Encryption key) {
        return database.read(handle -> handle.attach(SecretStore.class).all()).stream()
                .findFirst()
                .map(secret -> isUnder(key, secret.valueEncrypted()));
    }

    private static boolean isUnder(Encryption key, String token) {
        try {
            key.decrypt(token);
            return true;
        } catch (Encryption.UndecryptableException _) {
            return false;
        }
    }

    private int ownSecrets(Handle handle) {
        SecretStore store = handle.attach(SecretStore.class);
        List<SecretStore.Stored> all = store.all();
        for (SecretStore.Stored secret : all) {
            store.replace(
                    secret.name(),
                    again(secret.valueEncrypted(), "the gateway's own secret " + secret.name()));
        }
        return all.size();
    }

    private int upstreamKeys(Handle handle) {
        SecretStore store = handle.attach(SecretStore.class);
        List<SecretStore.UpstreamSecret> all = store.upstreamKeys();
        for (SecretStore.UpstreamSecret key : all) {
            String what = "the credential '%s' of upstream '%s'".formatted(key.label(), key.name());
            store.replaceUpstreamKey(
                    key.upstreamId(), key.position(), again(key.encrypted(), what));
        }
        return all.size();
    }

    private int upstreamHeaders(Handle handle) {
        SecretStore store = handle.attach(SecretStore.class);
        List<SecretStore.UpstreamHeaders> all = store.upstreamHeaders();
        for (SecretStore.UpstreamHeaders headers : all) {
            String what = "the headers of upstream '%s'".formatted(headers.name());
            store.replaceUpstreamHeaders(headers.id(), again(headers.encrypted(), what));
        }
        return all.size();
    }

    private String again(String token, String what) {
        try {
            return to.encrypt(from.decrypt(token));
        } catch (Encryption.UndecryptableException _) {
            throw new IllegalStateException(
                    what
                            + " cannot be decrypted with the present encryption key, so that nothing"
                            + " was changed; give the right key, or set this one anew first");
        }
    }
}
