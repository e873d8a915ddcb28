package dev.sluice.dialect.openai.chat.peek;

import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.json.ValueWalk;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.rules.peek.OpenAiUsageReader;
import dev.sluice.dialect.sse.SseEvent;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What a whole Chat answer or one chunk of a stream says, found in one pass without a tree. */
public final class OpenAiChatAnswerPeeker {
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};
    private static final EventPeek END = new EventPeek(false, true, false, null, null, null, 0);

    private @Nullable Usage usage;
    private @Nullable String model;
    private boolean object;
    private boolean choices;
    private boolean emptyChoices;
    private boolean error;
    private boolean output;
    private boolean finished;
    private int outputBytes;

    private OpenAiChatAnswerPeeker() {}

    public static AnswerPeek answer(byte[] body) {
        OpenAiChatAnswerPeeker peeker = new OpenAiChatAnswerPeeker();
        boolean whole = peeker.read(body);
        UpstreamError failure =
                !whole || !peeker.object || peeker.isError() ? ErrorReader.read(0, body) : null;
        return new AnswerPeek(peeker.usage, peeker.model, failure, peeker.outputBytes);
    }

    public static EventPeek event(SseEvent event) {
        if (!event.hasData()) {
            return EventPeek.NOTHING;
        }
        byte[] data = event.data();
        if (isDone(data)) {
            return END;
        }
        OpenAiChatAnswerPeeker peeker = new OpenAiChatAnswerPeeker();
        peeker.read(data);
        if (peeker.isError() || event.type().equals("error")) {
            UpstreamError failure = ErrorReader.read(0, data);
            return new EventPeek(
                    peeker.output, false, false, peeker.usage, peeker.model, failure, 0);
        }
        return new EventPeek(
                peeker.output || peeker.finished,
                peeker.finished,
                peeker.choices && peeker.emptyChoices && peeker.usage != null,
                peeker.usage,
                peeker.model,
                null,
                peeker.outputBytes);
    }

    private boolean isError() {
        return error;
    }

    private static boolean isDone(byte[] data) {
        if (data.length < DONE.length || data.length > DONE.length + 8) {
            return false;
        }
        int start = data[0] == ' ' ? 1 : 0;
        return Arrays.equals(
                data, start, Math.min(data.length, start + DONE.length), DONE, 0, DONE.length);
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
                case "model" -> model = token == JsonToken.VALUE_STRING ? parser.getString() : null;
                case "choices" -> readChoices(parser, token);
                case "usage" -> readUsage(parser);
                case "x_groq" -> readGroq(parser, token);
                case "error" -> error |= isSet(parser, token);
                case "object", "type" ->
                        error |= token == JsonToken.VALUE_STRING && isWord(parser, "error");
                case "detail" -> error |= !choices && isSet(parser, token);
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

    private static boolean isWord(JsonParser parser, String word) {
        return parser.getStringLength() == word.length() && parser.getString().equals(word);
    }

    private void readUsage(JsonParser parser) {
        Usage said = OpenAiUsageReader.read(parser, true);
        if (said != null) {
            usage = said;
        }
    }

    private void readGroq(JsonParser parser, JsonToken token) {
        if (token != JsonToken.START_OBJECT) {
            return;
        }
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            if (name.equals("usage")) {
                readUsage(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readChoices(JsonParser parser, JsonToken token) {
        if (token != JsonToken.START_ARRAY) {
            return;
        }
        choices = true;
        emptyChoices = true;
        for (JsonToken t = parser.nextToken();
                t != null && t != JsonToken.END_ARRAY;
                t = parser.nextToken()) {
            emptyChoices = false;
            if (t == JsonToken.START_OBJECT) {
                readChoice(parser);
            } else {
                parser.skipChildren();
            }
        }
    }

    private void readChoice(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "delta", "message" -> readMessage(parser);
                case "text" -> {
                    if (token == JsonToken.VALUE_STRING) {
                        noteText(parser);
                    }
                }
                case "finish_reason" ->
                        finished |= token == JsonToken.VALUE_STRING && parser.getStringLength() > 0;
                case "usage" -> readUsage(parser);
                default -> parser.skipChildren();
            }
        }
    }

    /** Looks for generated strings at any depth: vendors nest text, reasoning and calls. */
    private void readMessage(JsonParser parser) {
        ValueWalk walk = new ValueWalk(parser);
        while (walk.nextString()) {
            noteString(parser);
        }
    }

    private void noteString(JsonParser parser) {
        String name = parser.currentName();
        if (name == null) {
            return;
        }
        switch (name) {
            case "content",
                    "text",
                    "reasoning",
                    "reasoning_content",
                    "refusal",
                    "arguments",
                    "input",
                    "summary",
                    "thinking",
                    "transcript" ->
                    noteText(parser);
            case "name", "data", "url" -> output |= parser.getStringLength() > 0;
            default -> {
                // Ids, roles and types prove nothing.
            }
        }
    }

    private void noteText(JsonParser parser) {
        int length = parser.getStringLength();
        output |= length > 0;
        outputBytes += length;
    }
}
