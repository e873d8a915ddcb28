package dev.sluice.dialect.anthropic.peek;

import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.ValueWalk;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.sse.SseEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What a whole answer or one event of a stream says, found in one pass without a tree. */
public final class AnthropicAnswerPeeker {
    private final AnthropicUsageReader usage = new AnthropicUsageReader();
    private @Nullable String model;
    private boolean object;
    private boolean error;
    private boolean output;
    private boolean finished;
    private boolean terminal;
    private int outputBytes;

    private AnthropicAnswerPeeker() {}

    public static AnswerPeek answer(byte[] body) {
        AnthropicAnswerPeeker peeker = new AnthropicAnswerPeeker();
        boolean whole = peeker.read(body);
        UpstreamError failure =
                !whole || !peeker.object || peeker.error ? ErrorReader.read(0, body) : null;
        return new AnswerPeek(peeker.usage.usage(), peeker.model, failure, peeker.outputBytes);
    }

    public static EventPeek event(SseEvent event) {
        if (!event.hasData()) {
            return EventPeek.NOTHING;
        }
        AnthropicAnswerPeeker peeker = new AnthropicAnswerPeeker();
        peeker.read(event.data());
        Usage said = peeker.usage.usage();
        if (peeker.error || event.type().equals("error")) {
            UpstreamError failure = ErrorReader.read(0, event.data());
            return new EventPeek(peeker.output, false, false, said, peeker.model, failure, 0);
        }
        return new EventPeek(
                peeker.output || peeker.finished,
                peeker.terminal,
                false,
                said,
                peeker.model,
                null,
                peeker.outputBytes);
    }

    /** {@return whether the bytes are JSON to the end} */
    private boolean read(byte[] json) {
        try (JsonParser parser = Json.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return true;
            }
            object = true;
            readObject(parser);
            return parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    private void readObject(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "type" -> readType(parser, token);
                case "model" -> readModel(parser, token);
                case "message" -> readMessage(parser, token);
                case "content", "content_block", "delta" -> readContent(parser);
                case "usage" -> usage.read(parser);
                case "error", "detail" -> error |= isSet(parser, token);
                default -> {
                    // Nothing that the gateway must know.
                }
            }
            parser.skipChildren();
        }
    }

    private void readType(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_STRING) {
            String type = parser.getString();
            terminal |= type.equals("message_stop");
            error |= type.equals("error");
        }
    }

    private void readModel(JsonParser parser, JsonToken token) {
        if (token == JsonToken.VALUE_STRING && parser.getStringLength() > 0) {
            model = parser.getString();
        }
    }

    private static boolean isSet(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_NULL, VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getStringLength() > 0;
            default -> true;
        };
    }

    /** The message of {@code message_start}: preamble, unless it already holds blocks. */
    private void readMessage(JsonParser parser, JsonToken token) {
        if (token != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken value = parser.nextToken();
            switch (name) {
                case "model" -> readModel(parser, value);
                case "usage" -> usage.read(parser);
                case "content" -> readContent(parser);
                default -> parser.skipChildren();
            }
        }
    }

    /** Looks for generated strings at any depth: blocks, deltas and what they hold. */
    private void readContent(JsonParser parser) {
        ValueWalk walk = new ValueWalk(parser);
        while (walk.nextString()) {
            note(parser);
        }
    }

    private void note(JsonParser parser) {
        String name = parser.currentName();
        if (name == null) {
            return;
        }
        int length = parser.getStringLength();
        switch (name) {
            case "text", "thinking", "partial_json" -> {
                output |= length > 0;
                outputBytes += length;
            }
            case "id", "name", "signature", "data", "tool_use_id" -> output |= length > 0;
            case "stop_reason" -> finished |= length > 0;
            case "type", "stop_sequence", "citations", "caller" -> {
                // Says nothing by itself.
            }
            default -> outputBytes += length;
        }
    }
}
