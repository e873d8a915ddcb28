package dev.sluice.chat;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A tool that the model may call. */
public sealed interface Tool {
    /** {@return the name by which it is called} */
    String name();

    /**
     * @param parameters a JSON Schema as the client wrote it; null for none
     * @param strict whether the client asked for arguments that follow the schema; null where it
     *     did not say. Responses takes silence for yes and the others for no: its writer says false
     *     for clients of another protocol that said nothing
     */
    record Function(
            String name,
            @Nullable String description,
            @Nullable JsonNode parameters,
            @Nullable Boolean strict,
            Part.@Nullable CacheMark cache,
            Extras extras)
            implements Tool {}

    /**
     * A tool that takes free text.
     *
     * @param format the grammar of the text, in the shape of OpenAI Chat; null for any
     */
    record Custom(
            String name, @Nullable String description, @Nullable JsonNode format, Extras extras)
            implements Tool {}

    /**
     * A tool that the provider runs itself.
     *
     * @param name its type in that protocol, such as {@code web_search}
     */
    record Hosted(Protocol origin, String name, JsonNode json) implements Tool {}
}
