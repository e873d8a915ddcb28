package dev.sluice.simulator.script;

import java.util.ArrayList;
import java.util.List;

/** Takes a conversation down as a dialect's reader comes across it. For one request. */
public final class Transcript {
    private final StringBuilder user = new StringBuilder();
    private final List<String> results = new ArrayList<>();
    private long textBytes;
    private int media;

    /** A user's turn begins; what an earlier user said is no longer the newest. */
    public Transcript userTurn() {
        user.setLength(0);
        return this;
    }

    public Transcript user(String text) {
        if (!user.isEmpty() && !text.isEmpty()) {
            user.append('\n');
        }
        user.append(text);
        return heard(text);
    }

    public Transcript assistant(String text) {
        results.clear();
        return heard(text);
    }

    public Transcript system(String text) {
        return heard(text);
    }

    public Transcript result(String text) {
        results.add(text);
        return heard(text);
    }

    public Transcript medium() {
        media++;
        return this;
    }

    private Transcript heard(String text) {
        textBytes += Tokens.bytes(text);
        return this;
    }

    public Conversation conversation() {
        long tokens = (textBytes + 3) / 4 + (long) media * Conversation.TOKENS_PER_MEDIUM;
        return new Conversation(
                user.toString(),
                List.copyOf(results),
                media,
                (int) Math.min(Integer.MAX_VALUE, tokens));
    }
}
