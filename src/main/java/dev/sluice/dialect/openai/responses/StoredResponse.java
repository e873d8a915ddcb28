package dev.sluice.dialect.openai.responses;

import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.peek.UpstreamReference.Kind;
import dev.sluice.dialect.rules.peek.ReferenceScanner;
import dev.sluice.dialect.sse.SseEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * What an upstream keeps of an answer, as the answer itself says it: who asked for it may later
 * name these ids, and nobody else.
 *
 * @param status {@code completed}, {@code in_progress}, {@code queued}, {@code incomplete}, {@code
 *     failed} or {@code cancelled}; empty where unsaid
 * @param stored whether it can be asked for again; false only where the answer says so
 * @param made the answer's own id first, then those of its conversation, its items, and of the
 *     containers and files they name
 */
public record StoredResponse(
        String id, String status, boolean stored, List<UpstreamReference> made) {

    private static final ReferenceScanner MADE =
            new ReferenceScanner(
                    Map.of(
                            "output", Kind.ITEM,
                            "conversation", Kind.CONVERSATION,
                            "container_id", Kind.CONTAINER,
                            "file_id", Kind.FILE),
                    Set.of("instructions", "metadata", "prompt", "text", "tools", "tool_choice"),
                    "");

    public StoredResponse {
        made = List.copyOf(made);
    }

    /** {@return what is kept of a whole answer, if it names an id} Total on all bytes. */
    public static Optional<StoredResponse> in(byte[] answer) {
        return found(answer, false);
    }

    /**
     * {@return what is kept of the answer that a stream brings, if the event says} The first event
     * names the answer, the last one all that it holds. Total on all bytes.
     */
    public static Optional<StoredResponse> in(SseEvent event) {
        return event.hasData() ? found(event.data(), true) : Optional.empty();
    }

    private static Optional<StoredResponse> found(byte[] json, boolean event) {
        Head head = new Head();
        try (JsonParser parser = Json.parser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                head.read(parser, event);
            }
        } catch (JacksonException e) {
            // What stood before the break counts.
        }
        if (head.id.isEmpty()) {
            return Optional.empty();
        }
        List<UpstreamReference> made = new ArrayList<>();
        made.add(new UpstreamReference(Kind.RESPONSE, head.id));
        made.addAll(MADE.scan(json));
        return Optional.of(new StoredResponse(head.id, head.status, head.stored, made));
    }

    private static final class Head {
        private String id = "";
        private String status = "";
        private boolean stored = true;

        /**
         * @param around whether the object only holds the answer, as its {@code response}
         */
        private void read(JsonParser parser, boolean around) {
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken token = parser.nextToken();
                if (around) {
                    if (name.equals("response") && token == JsonToken.START_OBJECT) {
                        read(parser, false);
                    }
                } else {
                    field(name, parser, token);
                }
                parser.skipChildren();
            }
        }

        private void field(String name, JsonParser parser, JsonToken token) {
            switch (name) {
                case "id" -> id = token == JsonToken.VALUE_STRING ? parser.getString() : id;
                case "status" ->
                        status = token == JsonToken.VALUE_STRING ? parser.getString() : status;
                case "store" -> stored = token != JsonToken.VALUE_FALSE;
                default -> {
                    // Nothing that is kept.
                }
            }
        }
    }
}
