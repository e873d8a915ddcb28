package dev.sluice.dialect.openai.tasks;

import dev.sluice.chat.ImageKind;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.dialect.peek.EventPeek;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.sse.SseEvent;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** What a task's answer, or one event of it, says of usage, model and failure. */
final class TaskAnswerPeeker {
    private static final String DONE = "[DONE]";

    private final TaskUsage usage = new TaskUsage();
    private final boolean countsImages;
    private @Nullable String model;
    private @Nullable String type;
    private boolean error;
    private boolean choices;
    private boolean anyChoice;
    private boolean finished;

    /** An answer of images holds each of them as an element of {@code data}. */
    private TaskAnswerPeeker(boolean countsImages) {
        this.countsImages = countsImages;
    }

    static AnswerPeek answer(Task task, byte[] body) {
        int words = task.answersInWords() ? body.length : 0;
        byte first = firstByte(body);
        if (first != '{' && first != '[') {
            return task.answersWithoutJson() && first != 0 && first != '<'
                    ? new AnswerPeek(null, null, null, words)
                    : new AnswerPeek(null, null, ErrorReader.read(0, body), 0);
        }
        TaskAnswerPeeker peeker = new TaskAnswerPeeker(task.makesImages());
        boolean isWhole = peeker.read(body);
        UpstreamError failure = isWhole && !peeker.error ? null : ErrorReader.read(0, body);
        return new AnswerPeek(
                peeker.usage.tokens(),
                peeker.model,
                failure,
                words,
                peeker.usage.units(),
                peeker.usage.unpriced());
    }

    /** Legacy completions end with {@code [DONE]}, images and sounds with an event that says so. */
    static EventPeek event(SseEvent event) {
        if (!event.hasData()) {
            return EventPeek.NOTHING;
        }
        byte[] data = event.data();
        if (data.length <= DONE.length() + 1 && event.text().strip().equals(DONE)) {
            return new EventPeek(false, true, false, null, null, null, 0);
        }
        TaskAnswerPeeker peeker = new TaskAnswerPeeker(false);
        peeker.read(data);
        if (peeker.error || event.type().equals("error")) {
            UpstreamError failure = ErrorReader.read(0, data);
            return new EventPeek(false, false, false, null, peeker.model, failure, 0);
        }
        return peeker.peek(data.length);
    }

    private EventPeek peek(int size) {
        boolean isUsageOnly = choices && !anyChoice && usage.tokens() != null;
        String said = type == null ? "" : type;
        if (said.startsWith("image_") && said.endsWith(".completed")) {
            usage.made(1);
        }
        boolean isLast = finished || said.endsWith(".completed") || said.endsWith(".done");
        boolean isText = anyChoice || said.startsWith("transcript.");
        return new EventPeek(
                !isUsageOnly, isLast, isUsageOnly, usage.tokens(), model, null, isText ? size : 0);
    }

    private static byte firstByte(byte[] body) {
        for (byte b : body) {
            if (!Character.isWhitespace(b)) {
                return b;
            }
        }
        return 0;
    }

    /** {@return whether the bytes are JSON to the end} */
    private boolean read(byte[] json) {
        try (JsonParser parser = Json.parser(json)) {
            if (parser.nextToken() == JsonToken.START_OBJECT) {
                readMembers(parser);
            } else {
                parser.skipChildren();
            }
            return parser.nextToken() == null;
        } catch (JacksonException notJson) {
            return false;
        }
    }

    private void readMembers(JsonParser parser) {
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            JsonToken token = parser.nextToken();
            switch (name) {
                case "usage", "meta" -> usage.read(parser);
                case "error" -> error |= isSomething(parser);
                case "choices" -> readChoices(parser);
                case "data" -> readData(parser);
                case "model" -> model = text(parser);
                case "size" -> usage.madeOf(new ImageKind(text(parser), null));
                case "quality" -> usage.madeOf(new ImageKind(null, text(parser)));
                case "type" -> type = text(parser);
                case "duration" -> {
                    if (token.isNumeric()) {
                        usage.lasted(parser.getDoubleValue());
                    }
                }
                default -> {}
            }
            parser.skipChildren();
        }
    }

    private static @Nullable String text(JsonParser parser) {
        return parser.currentToken() == JsonToken.VALUE_STRING ? parser.getString() : null;
    }

    private void readData(JsonParser parser) {
        if (countsImages && parser.currentToken() == JsonToken.START_ARRAY) {
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                usage.made(1);
                parser.skipChildren();
            }
        }
    }

    private static boolean isSomething(JsonParser parser) {
        boolean something =
                parser.currentToken() != JsonToken.VALUE_NULL
                        && parser.currentToken() != JsonToken.VALUE_FALSE;
        parser.skipChildren();
        return something;
    }

    private void readChoices(JsonParser parser) {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            return;
        }
        choices = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            anyChoice = true;
            if (parser.currentToken() != JsonToken.START_OBJECT) {
                parser.skipChildren();
                continue;
            }
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken token = parser.nextToken();
                finished |= name.equals("finish_reason") && token == JsonToken.VALUE_STRING;
                parser.skipChildren();
            }
        }
    }
}
