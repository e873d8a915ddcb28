package dev.sluice.admin.system;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.CatalogChanges;
import dev.sluice.admin.apikey.ApiKeys;
import dev.sluice.admin.user.Passwords;
import dev.sluice.admin.user.UserRow;
import dev.sluice.admin.user.UserStore;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.Role;
import dev.sluice.store.DuplicateRow;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Makes the first owner and their API key, once, both or neither. There is no default password:
 * this one is random, and shown in the one answer. Users that exist already, signed in or not,
 * close this door: else a stranger could come in beside an owner who has not signed in yet.
 */
public final class FirstOwner {
    private final CatalogChanges changes;
    private final ApiKeys keys;
    private final Passwords passwords;
    private final SecureRandom random;
    private final Clock clock;
    private final Supplier<UUID> ids;

    public FirstOwner(
            CatalogChanges changes,
            ApiKeys keys,
            Passwords passwords,
            SecureRandom random,
            Clock clock,
            Supplier<UUID> ids) {
        this.changes = changes;
        this.keys = keys;
        this.passwords = passwords;
        this.random = random;
        this.clock = clock;
        this.ids = ids;
    }

    /** The owner, and what is shown once. */
    public record Made(String username, String email, String password, String apiKey) {
        @Override
        public String toString() {
            return "Made[" + username + "]";
        }
    }

    /**
     * {@return the owner}
     *
     * @throws AdminException 400 once there is a user
     */
    public Made make(String username, String email, String displayName) {
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        String password = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        UserRow row =
                new UserRow(
                        ids.get(),
                        null,
                        username.toLowerCase(Locale.ROOT),
                        email.toLowerCase(Locale.ROOT),
                        displayName,
                        passwords.hash(password),
                        Role.OWNER.wireName(),
                        true,
                        null,
                        now,
                        null,
                        now,
                        now);
        ApiKeys.Unstored key = keys.forOwner(row.id());
        insert(row, key, now);
        keys.complete(key);
        return new Made(row.username(), row.email(), password, key.text());
    }

    private void insert(UserRow row, ApiKeys.Unstored key, Instant now) {
        try {
            changes.make(handle -> {
                UserStore users = handle.attach(UserStore.class);
                if (users.count() > 0) {
                    throw taken();
                }
                users.insert(row);
                handle.attach(FirstOwnerStore.class).claim(row.id(), now);
                List<Change> made = new ArrayList<>();
                made.add(new Change.UserPut(row.inCatalog()));
                made.addAll(key.store(handle));
                return new CatalogChanges.Made<>(row.id(), made);
            });
        } catch (DuplicateRow _) {
            throw taken();
        }
    }

    private static AdminException taken() {
        return AdminException.invalidRequest("System already has users: sign in as one of them");
    }
}
