package dev.sluice.dialect.rules.peek;

import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.Splice;
import dev.sluice.dialect.peek.RequestPeek.Span;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * The roles that instruct, edited in a body that passes through to an upstream that does not know
 * them all, or not everywhere (wire-contract §2.1, §2.4): {@code developer} becomes {@code system},
 * and a later instruction the user's where only the head may instruct. Every other byte stays.
 */
public final class InstructingRoles {
    private static final byte[] DEVELOPER = "\"developer\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] SYSTEM = "\"system\"".getBytes(StandardCharsets.US_ASCII);

    private final JsonParser parser;
    private final UpstreamTraits traits;
    private final Splice splice;

    private InstructingRoles(JsonParser parser, UpstreamTraits traits, Splice splice) {
        this.parser = parser;
        this.traits = traits;
        this.splice = splice;
    }

    /**
     * Edits what the upstream would refuse.
     *
     * @param list the member of the body that holds the messages
     */
    public static void edit(byte[] body, String list, UpstreamTraits traits, Splice splice) {
        boolean onlyFirst = traits.has(Trait.SYSTEM_ONLY_FIRST);
        boolean developers = onlyFirst || !traits.has(Trait.DEVELOPER_ROLE);
        if (!(developers && holds(body, DEVELOPER)) && !(onlyFirst && holds(body, SYSTEM))) {
            return;
        }
        try (JsonParser parser = Json.parser(body)) {
            new InstructingRoles(parser, traits, splice).body(list);
        } catch (JacksonException e) {
            // What is no JSON goes on as it is: the upstream says so better.
        }
    }

    private static boolean holds(byte[] body, byte[] word) {
        for (int i = 0; i <= body.length - word.length; i++) {
            if (body[i] == '"' && body[i + 1] == word[1] && matches(body, i, word)) {
                return true;
            }
        }
        return false;
    }

    private static boolean matches(byte[] body, int at, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (body[at + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private void body(String list) {
        parser.nextToken();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (name.equals(list) && token == JsonToken.START_ARRAY) {
                messages();
            } else {
                parser.skipChildren();
            }
        }
    }

    private void messages() {
        boolean head = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            boolean instructs = parser.currentToken() == JsonToken.START_OBJECT && message(head);
            parser.skipChildren();
            head &= instructs;
        }
    }

    /** {@return whether the message instructs} */
    private boolean message(boolean head) {
        boolean instructs = false;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            if (name.equals("role") && token == JsonToken.VALUE_STRING) {
                String role = parser.getString();
                instructs = role.equals("developer") || role.equals("system");
                String other = instructs ? other(role, head) : null;
                if (other != null) {
                    splice.replace(span(), Json.quoted(other));
                }
            }
            parser.skipChildren();
        }
        return instructs;
    }

    private @Nullable String other(String role, boolean head) {
        if (!head && traits.has(Trait.SYSTEM_ONLY_FIRST)) {
            return "user";
        }
        return role.equals("developer") && !traits.has(Trait.DEVELOPER_ROLE) ? "system" : null;
    }

    private Span span() {
        int start = Json.start(parser);
        return new Span(start, Json.end(parser));
    }
}
