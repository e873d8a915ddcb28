package dev.sluice.admin.user;

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
        boolean isActive,
        @Nullable UUID organizationId) {

    static UserSettings of(UserRow row) {
        return new UserSettings(
                row.email(), row.displayName(), row.known(), row.isActive(), row.organizationId());
    }

    /** {@return these settings with what the body says in their place} */
    UserSettings with(JsonNode body) {
        Patch patch = new Patch(body);
        boolean active = patch.value("is_active", isActive, JsonNode::booleanValue);
        return new UserSettings(
                patch.text("email", email).toLowerCase(Locale.ROOT),
                patch.optionalText("display_name", displayName),
                patch.value("role", role, node -> Role.named(node.stringValue()).orElseThrow()),
                patch.value("status", active, node -> node.stringValue().equals("active")),
                patch.optional(
                        "organization_id",
                        organizationId,
                        node -> UUID.fromString(node.stringValue())));
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
