package dev.sluice.admin.user;

import dev.sluice.admin.Activation;
import dev.sluice.admin.Actor;
import dev.sluice.admin.AdminException;
import dev.sluice.admin.Patch;
import dev.sluice.catalog.Role;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What can be changed of a user, apart from the password. */
record UserSettings(
        String email,
        @Nullable String displayName,
        Role role,
        Activation activation,
        @Nullable UUID organizationId) {

    static UserSettings of(UserRow row) {
        return new UserSettings(
                row.email(),
                row.displayName(),
                row.known(),
                row.activation(),
                row.organizationId());
    }

    /**
     * {@return these settings with what the body says in their place}
     *
     * @throws AdminException 403 where somebody higher has switched the user off
     */
    UserSettings with(JsonNode body, Actor actor) {
        Patch patch = new Patch(body);
        return new UserSettings(
                patch.text("email", email).toLowerCase(Locale.ROOT),
                patch.optionalText("display_name", displayName),
                patch.value("role", role, node -> Role.named(node.stringValue()).orElseThrow()),
                activation.patched(body, actor),
                patch.optional(
                        "organization_id",
                        organizationId,
                        node -> UUID.fromString(node.stringValue())));
    }

    UserSettings deactivatedBy(Actor actor) {
        return new UserSettings(
                email, displayName, role, activation.switched(false, actor), organizationId);
    }

    /**
     * {@return the password in that field}
     *
     * @throws AdminException 422 for one that bcrypt would cut
     */
    static String password(JsonNode body, String field) {
        String password = body.path(field).stringValue();
        if (password.getBytes(StandardCharsets.UTF_8).length > Passwords.MAX_BYTES) {
            throw AdminException.invalidField(
                    field,
                    "string_too_long",
                    "must have at most " + Passwords.MAX_BYTES + " bytes in UTF-8");
        }
        if (password.indexOf('\0') >= 0) {
            throw AdminException.invalidField(
                    field, "string_pattern_mismatch", "must not contain the character U+0000");
        }
        return password;
    }
}
