package dev.sluice.dialect.rules;

/**
 * Takes {@code <think>…</think>} off the head of a text, where a local server leaves the model's
 * reasoning in it (wire-contract §2.6). One object splits one streamed text, however it is cut; it
 * holds back no more than a piece of a tag.
 */
public final class ThinkTags {
    private static final String OPEN = "<think>";
    private static final String CLOSE = "</think>";

    private enum Place {
        HEAD,
        INSIDE,
        AFTER,
        TEXT
    }

    private Place place = Place.HEAD;
    private String held = "";

    /** What a piece of text comes to; either may be empty. */
    public record Split(String reasoning, String text) {}

    /** {@return a whole text, split} */
    public static Split split(String text) {
        ThinkTags tags = new ThinkTags();
        Split first = tags.next(text);
        Split last = tags.end();
        return new Split(
                (first.reasoning() + last.reasoning()).strip(), first.text() + last.text());
    }

    /** {@return what the next piece makes certain} */
    public Split next(String piece) {
        String text = held + piece;
        held = "";
        return switch (place) {
            case HEAD -> head(text);
            case INSIDE -> inside(text);
            case AFTER -> after(text);
            case TEXT -> new Split("", text);
        };
    }

    /** {@return what was held back, when there is no more} */
    public Split end() {
        String rest = held;
        held = "";
        return place == Place.INSIDE ? new Split(rest, "") : new Split("", rest);
    }

    private Split head(String text) {
        String head = text.stripLeading();
        if (head.length() < OPEN.length() && OPEN.startsWith(head)) {
            held = text;
            return new Split("", "");
        }
        if (!head.startsWith(OPEN)) {
            place = Place.TEXT;
            return new Split("", text);
        }
        place = Place.INSIDE;
        return inside(head.substring(OPEN.length()));
    }

    private Split inside(String text) {
        int close = text.indexOf(CLOSE);
        if (close < 0) {
            int sure = text.length() - possibleTag(text);
            held = text.substring(sure);
            return new Split(text.substring(0, sure), "");
        }
        place = Place.AFTER;
        Split rest = after(text.substring(close + CLOSE.length()));
        return new Split(text.substring(0, close), rest.text());
    }

    /** The line breaks between the tag and the text are neither's. */
    private Split after(String text) {
        String shown = text.stripLeading();
        if (!shown.isEmpty()) {
            place = Place.TEXT;
        }
        return new Split("", shown);
    }

    /** {@return how many characters at the end may be the beginning of the closing tag} */
    private static int possibleTag(String text) {
        for (int length = Math.min(CLOSE.length() - 1, text.length()); length > 0; length--) {
            if (text.endsWith(CLOSE.substring(0, length))) {
                return length;
            }
        }
        return 0;
    }
}
