package dev.sluice.admin.upstream;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminException.FieldProblem;
import dev.sluice.catalog.Secret;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.catalog.cloud.CloudAccount;
import dev.sluice.catalog.cloud.UnusableAccount;
import dev.sluice.store.Encryption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Reads an upstream's credentials from a body: {@code api_key} for one, {@code keys} for several.
 */
final class Credentials {
    private final Encryption encryption;

    Credentials(Encryption encryption) {
        this.encryption = encryption;
    }

    /**
     * One of an upstream's credentials.
     *
     * @param encrypted as it is stored
     * @param secret null when it cannot be decrypted
     */
    record Credential(
            String label,
            String encrypted,
            @Nullable Secret secret,
            double weight,
            @Nullable Integer maxQps) {

        Optional<UpstreamKey> inCatalog() {
            return secret == null
                    ? Optional.empty()
                    : Optional.of(new UpstreamKey(label, secret, weight, maxQps));
        }

        String masked() {
            return secret == null ? "***error***" : secret.masked();
        }
    }

    /** {@return a stored credential} */
    Credential stored(UpstreamRow.KeyRow row) {
        return new Credential(
                row.label(),
                row.secretEncrypted(),
                decrypted(row.secretEncrypted()),
                row.weight(),
                row.maxQps());
    }

    private @Nullable Secret decrypted(String token) {
        try {
            return new Secret(encryption.decryptText(token));
        } catch (Encryption.UndecryptableException _) {
            return null;
        }
    }

    /** {@return whether the body says anything of credentials} */
    static boolean areIn(JsonNode body) {
        return body.has("api_key") || body.has("keys");
    }

    /** {@return whether the body brings every credential that it leaves in force} */
    static boolean areWhollyIn(JsonNode body) {
        return body.has("api_key")
                || (body.has("keys")
                        && body.path("keys").valueStream().allMatch(entry -> entry.has("key")));
    }

    /**
     * {@return the credentials after the body}
     *
     * @throws AdminException 422 for both fields at once, a label given twice, or an entry whose
     *     credential is nowhere
     */
    List<Credential> after(JsonNode body, List<Credential> before) {
        if (!areIn(body)) {
            return before;
        }
        if (body.has("api_key") && body.has("keys")) {
            throw AdminException.invalidField(
                    "keys", "conflict", "cannot be given together with api_key");
        }
        JsonNode single = body.path("api_key");
        if (single.isString()) {
            String secret = usable(single.stringValue(), List.of("body", "api_key"));
            return List.of(made("1", secret, 1, null));
        }
        List<Credential> after = new ArrayList<>();
        Set<String> labels = new LinkedHashSet<>();
        for (JsonNode entry : body.path("keys")) {
            int index = after.size();
            Credential credential = entry(entry, index, before);
            if (!labels.add(credential.label())) {
                throw wrong(index, "label", "conflict", "is given twice");
            }
            after.add(credential);
        }
        return List.copyOf(after);
    }

    private Credential entry(JsonNode entry, int index, List<Credential> before) {
        String label = entry.path("label").asString(String.valueOf(index + 1));
        double weight = entry.path("weight").asDouble(1);
        Integer maxQps = entry.path("max_qps").isInt() ? entry.path("max_qps").intValue() : null;
        if (entry.has("key")) {
            List<Object> field = List.of("body", "keys", index, "key");
            return made(label, usable(entry.path("key").stringValue(), field), weight, maxQps);
        }
        return before.stream()
                .filter(credential -> credential.label().equals(label))
                .findFirst()
                .map(kept -> new Credential(label, kept.encrypted(), kept.secret(), weight, maxQps))
                .orElseThrow(() ->
                        wrong(
                                index,
                                "key",
                                "missing",
                                "is missing, and no credential with this label is stored"));
    }

    /**
     * {@return a new credential as it is kept}
     *
     * @throws AdminException 422 if it is an account of a cloud that cannot be used
     */
    private static String usable(String secret, List<Object> field) {
        Secret given = new Secret(secret.strip());
        if (CloudAccount.isIn(given)) {
            try {
                CloudAccount.read(given);
            } catch (UnusableAccount unusable) {
                throw AdminException.invalidFields(
                        List.of(new FieldProblem("value_error", field, unusable.problem())));
            }
        }
        return given.value();
    }

    private Credential made(String label, String secret, double weight, @Nullable Integer maxQps) {
        return new Credential(
                label, encryption.encrypt(secret), new Secret(secret), weight, maxQps);
    }

    private static AdminException wrong(int index, String field, String type, String message) {
        return AdminException.invalidFields(
                List.of(new FieldProblem(type, List.of("body", "keys", index, field), message)));
    }
}
