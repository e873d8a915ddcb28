package dev.sluice.dialect.gemini.peek;

import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.gemini.wire.GeminiStopReasons;
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

/** What a whole answer or one chunk of a stream says, found in one pass without a tree. */
public final class GeminiAnswerPeeker {
    private final GeminiUsageReader usage = new GeminiUsageReader();
    private @Nullable String model;
    private boolean object;
    private boolean error;
    private boolean output;
    private boolean finished;
    private int outputBytes;

    private GeminiAnswerPeeker() {}

    /** A body that is an array is the stream of a request without {@code alt=sse}. */
    public static AnswerPeek answer(byte[] body) {
        GeminiAnswerPeeker peeker = new GeminiAnswerPeeker();
        boolean whole = peeker.read(body);
        UpstreamError failure =
                !whole || !peeker.object || peeker.error ? ErrorReader.read(0, body) : null;
        return new AnswerPeek(peeker.usage.usage(), peeker.model, failure, peeker.outputBytes);
    }

    public static EventPeek event(SseEvent event) {
        byte[] json = json(event);
        if (json.length == 0) {
            return EventPeek.NOTHING;
        }
        GeminiAnswerPeeker peeker = new GeminiAnswerPeeker();
        peeker.read(json);
        Usage said = peeker.usage.usage();
        if (peeker.error || event.type().equals("error")) {
            UpstreamError failure = ErrorReader.read(0, json);
            return new EventPeek(peeker.output, false, false, said, peeker.model, failure, 0);
        }
        return new EventPeek(
                peeker.output || peeker.finished,
                peeker.finished,
                false,
                said,
                peeker.model,
                null,
                peeker.outputBytes);
    }

    /**
     * {@return the JSON of an event; empty for none} Google has been seen to break a stream off
     * with an error in bare JSON, without {@code data:}.
     */
    public static byte[] json(SseEvent event) {
        if (event.hasData()) {
            return event.data();
        }
        byte[] raw = event.raw();
        for (byte b : raw) {
            if (b > ' ') {
                return b == '{' || b == '[' ? raw : new byte[0];
            }
        }
        return new byte[0];
    }

    /** {@return whether the bytes are JSON to the end} */
    private boolean read(byte[] json) {
        try (JsonParser parser = Json.parser(json)) {
            JsonToken first = parser.nextToken();
            if (first == JsonToken.START_OBJECT) {
                readRoot(parser);
            } else if (first == JsonToken.START_ARRAY) {
                while (parser.nextToken() == JsonToken.START_OBJECT) {
                    readRoot(parser);
                }
                parser.skipChildren();
            }
            return first != null && parser.nextToken() == null;
        } catch (JacksonException e) {
            return false;
        }
    }

    private void readRoot(JsonParser parser) {
        object = true;
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "candidates" -> readCandidates(parser, token);
                case "usageMetadata" -> usage.read(parser);
                case "promptFeedback" -> readFeedback(parser, token);
                case "modelVersion" -> {
                    if (token == JsonToken.VALUE_STRING && parser.getStringLength() > 0) {
                        model = parser.getString();
                    }
                }
                case "error" -> error |= isSet(parser, token);
                default -> {
                    // Nothing that the gateway must know.
                }
            }
            parser.skipChildren();
        }
    }

    private static boolean isSet(JsonParser parser, JsonToken token) {
        return switch (token) {
            case VALUE_NULL, VALUE_FALSE -> false;
            case VALUE_STRING -> parser.getStringLength() > 0;
            default -> true;
        };
    }

    /** A prompt that was blocked is answered by nothing else. */
    private void readFeedback(JsonParser parser, JsonToken first) {
        if (first != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            finished |= name.startsWith("blockReason") && token == JsonToken.VALUE_STRING;
            parser.skipChildren();
        }
    }

    private void readCandidates(JsonParser parser, JsonToken first) {
        if (first != JsonToken.START_ARRAY) {
            return;
        }
        while (parser.nextToken() == JsonToken.START_OBJECT) {
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken token = parser.nextToken();
                if (name.equals("content")) {
                    readContent(parser);
                } else if (name.equals("finishReason") && token == JsonToken.VALUE_STRING) {
                    finished |= GeminiStopReasons.isSaid(parser.getString());
                } else {
                    parser.skipChildren();
                }
            }
        }
        skipArray(parser);
    }

    /** Something other than an object may stand among the candidates. */
    private static void skipArray(JsonParser parser) {
        int depth = parser.currentToken() == JsonToken.END_ARRAY ? 0 : 1;
        if (depth > 0 && parser.currentToken() == JsonToken.START_ARRAY) {
            parser.skipChildren();
        }
        while (depth > 0) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                return;
            }
            if (token.isStructStart()) {
                depth++;
            } else if (token.isStructEnd()) {
                depth--;
            }
        }
    }

    /** Looks for generated strings at any depth: parts, and the arguments of calls. */
    private void readContent(JsonParser parser) {
        ValueWalk walk = new ValueWalk(parser);
        while (walk.nextString()) {
            note(parser);
        }
    }

    private void note(JsonParser parser) {
        int length = parser.getStringLength();
        switch (parser.currentName()) {
            case "text", "code", "output", "stringValue" -> {
                output |= length > 0;
                outputBytes += length;
            }
            case "name", "data", "fileUri", "thoughtSignature" -> output |= length > 0;
            case "role", "id", "mimeType", "language", "outcome", "jsonPath" -> {
                // Says nothing by itself.
            }
            case null, default -> outputBytes += length;
        }
    }
}
