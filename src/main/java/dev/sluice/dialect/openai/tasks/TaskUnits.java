package dev.sluice.dialect.openai.tasks;

import dev.sluice.chat.ImageKind;
import dev.sluice.chat.Units;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.UnitBound;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * How many images, how much sound or how many characters a request asks for, before anybody has
 * answered it.
 */
final class TaskUnits {
    /** The most that is made at once; a form may say how many behind its files. */
    private static final int MOST_IMAGES_OF_A_FORM = 10;

    /** Sound of the poorest quality that is still understood: 8 kbit/s. */
    private static final long FEWEST_BYTES_A_SECOND = 1_000;

    /** Sound as it is usually sent: 32 kbit/s. */
    private static final long USUAL_BYTES_A_SECOND = 4_000;

    /** People speak about fifteen characters a second. */
    private static final int CHARACTERS_A_SECOND = 15;

    private static final double SLOWEST = 0.25;
    private static final double FASTEST = 4;

    private TaskUnits() {}

    static UnitBound of(Task task, byte[] body, RequestPeek peek, long size) {
        return switch (task) {
            case IMAGE_GENERATIONS, IMAGE_EDITS, IMAGE_VARIATIONS ->
                    body.length == 0
                            ? formOfImages(peek)
                            : exactly(Units.ofImages(peek.choices(), imageKind(body)));
            case TRANSCRIPTIONS, TRANSLATIONS ->
                    new UnitBound(
                            lasting(size, FEWEST_BYTES_A_SECOND),
                            lasting(size, USUAL_BYTES_A_SECOND));
            case SPEECH -> exactly(spoken(body));
            case COMPLETIONS, EMBEDDINGS, MODERATIONS, RERANK -> UnitBound.NONE;
        };
    }

    private static UnitBound formOfImages(RequestPeek peek) {
        return new UnitBound(Units.ofImages(MOST_IMAGES_OF_A_FORM), Units.ofImages(peek.choices()));
    }

    private static UnitBound exactly(Units units) {
        return new UnitBound(units, units);
    }

    /** Whoever bills by the second bills at least one. */
    private static Units lasting(long bytes, long bytesASecond) {
        return Units.ofAudioMillis(Math.max(1_000, bytes / bytesASecond * 1_000));
    }

    private static ImageKind imageKind(byte[] body) {
        String size = null;
        String quality = null;
        try (JsonParser parser = Json.parser(body)) {
            parser.nextToken();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                boolean isText = parser.nextToken() == JsonToken.VALUE_STRING;
                if (isText && name.equals("size")) {
                    size = parser.getString();
                } else if (isText && name.equals("quality")) {
                    quality = parser.getString();
                }
                parser.skipChildren();
            }
        } catch (JacksonException notJson) {
            return ImageKind.UNKNOWN;
        }
        return new ImageKind(size, quality);
    }

    private static Units spoken(byte[] body) {
        long characters = 0;
        double speed = 1;
        try (JsonParser parser = Json.parser(body)) {
            parser.nextToken();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken token = parser.nextToken();
                if (name.equals("input") && token == JsonToken.VALUE_STRING) {
                    String text = parser.getString();
                    characters = text.codePointCount(0, text.length());
                } else if (name.equals("speed") && token.isNumeric()) {
                    speed = Math.clamp(parser.getDoubleValue(), SLOWEST, FASTEST);
                }
                parser.skipChildren();
            }
        } catch (JacksonException notJson) {
            characters = Math.max(characters, body.length);
        }
        double millis = Math.ceil(characters * 1_000.0 / CHARACTERS_A_SECOND / speed);
        return Units.ofSpeech(characters, (long) millis);
    }
}
