package dev.sluice.dialect.openai.responses.peek;

import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.ValueWalk;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesStopReasons;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.rules.peek.OpenAiUsageReader;
import dev.sluice.dialect.sse.SseEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What a whole answer or one event of a stream says, found in one pass without a tree. */
public final class OpenAiResponsesAnswerPeeker {
    private @Nullable Usage usage;
    private @Nullable String model;
    private String type = "";
    private String itemType = "";
    private boolean object;
    private boolean error;
    private boolean text;
    private int deltaBytes;
    private int outputBytes;

    private OpenAiResponsesAnswerPeeker() {}

    public static AnswerPeek answer(byte[] body) {
        OpenAiResponsesAnswerPeeker peeker = new OpenAiResponsesAnswerPeeker();
        boolean whole = peeker.read(body);
        UpstreamError failure =
                !whole || !peeker.object || peeker.error ? ErrorReader.read(0, body) : null;
        return new AnswerPeek(peeker.usage, peeker.model, failure, peeker.outputBytes);
    }

    public static EventPeek event(SseEvent event) {
        if (!event.hasData()) {
            return EventPeek.NOTHING;
        }
        OpenAiResponsesAnswerPeeker peeker = new OpenAiResponsesAnswerPeeker();
        peeker.read(event.data());
        if (peeker.type.isEmpty()) {
            peeker.type = event.type();
        }
        return peeker.event(event.data());
    }

    private EventPeek event(byte[] data) {
        boolean failed = error || type.equals("error") || type.equals("response.failed");
        if (failed) {
            return new EventPeek(false, false, false, usage, model, ErrorReader.read(0, data), 0);
        }
        boolean terminal = isTerminal(type);
        return new EventPeek(
                terminal || provesOutput(), terminal, false, usage, model, null, deltaBytes);
    }

    static boolean isTerminal(String type) {
        return type.equals("response.completed") || type.equals("response.incomplete");
    }

    /** An item that has only begun proves nothing, unless it is one that the model decided on. */
    private boolean provesOutput() {
        return switch (type) {
            case "response.output_item.added" ->
                    !(itemType.isEmpty()
                            || itemType.equals("message")
                            || itemType.equals("reasoning"));
            case "response.output_item.done" -> !itemType.isEmpty();
            default -> deltaBytes > 0 || text;
        };
    }

    /** {@return whether the bytes are JSON to the end} */
    private boolean read(byte[] json) {
        try (JsonParser parser = Json.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return true;
            }
            object = true;
            readRoot(parser);
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    private void readRoot(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "type" -> type = token == JsonToken.VALUE_STRING ? parser.getString() : "";
                case "delta" -> deltaBytes = stringLength(parser, token);
                case "text", "arguments", "refusal", "input", "partial_image_b64" ->
                        text |= stringLength(parser, token) > 0 && !type.isEmpty();
                case "item" -> readItem(parser, token);
                case "response" -> readResponse(parser, token);
                case "detail" -> error |= isSet(parser, token);
                default -> readField(name, parser, token);
            }
            parser.skipChildren();
        }
    }

    private void readItem(JsonParser parser, JsonToken token) {
        if (token != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (name.equals("type") && value == JsonToken.VALUE_STRING) {
                itemType = parser.getString();
            }
            parser.skipChildren();
        }
    }

    private void readResponse(JsonParser parser, JsonToken token) {
        if (token != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            if (!name.equals("output")) {
                readField(name, parser, value);
            }
            parser.skipChildren();
        }
    }

    /** A field of the answer, which stands at the root or in an event's {@code response}. */
    private void readField(String name, JsonParser parser, JsonToken token) {
        switch (name) {
            case "model" -> model = token == JsonToken.VALUE_STRING ? parser.getString() : model;
            case "usage" -> {
                Usage said = OpenAiUsageReader.read(parser, false);
                usage = said == null ? usage : said;
            }
            case "error" -> error |= isSet(parser, token);
            case "status" ->
                    error |=
                            token == JsonToken.VALUE_STRING
                                    && OpenAiResponsesStopReasons.isFailure(parser.getString());
            case "object" ->
                    error |= token == JsonToken.VALUE_STRING && parser.getString().equals("error");
            case "output" -> readOutput(parser);
            default -> {
                // Nothing that the gateway must know.
            }
        }
    }

    private static boolean isSet(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_NULL, VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getStringLength() > 0;
            default -> true;
        };
    }

    private static int stringLength(JsonParser parser, JsonToken token) {
        return token == JsonToken.VALUE_STRING ? parser.getStringLength() : 0;
    }

    private void readOutput(JsonParser parser) {
        ValueWalk walk = new ValueWalk(parser);
        while (walk.nextString()) {
            noteOutput(parser);
        }
    }

    private void noteOutput(JsonParser parser) {
        String name = parser.currentName();
        if (name != null
                && (name.equals("text")
                        || name.equals("arguments")
                        || name.equals("input")
                        || name.equals("refusal"))) {
            outputBytes += parser.getStringLength();
        }
    }
}
