package dev.sluice.chat;

import java.util.Arrays;
import java.util.Optional;

/** A chat protocol that clients or upstreams speak (wire-contract §1). */
public enum Protocol {
    OPENAI_CHAT("openai-chat"),
    OPENAI_RESPONSES("openai-responses"),
    ANTHROPIC("anthropic"),
    GEMINI("gemini");

    private final String wireName;

    Protocol(String wireName) {
        this.wireName = wireName;
    }

    /** {@return the name used in configuration, in the admin API and in records} */
    public String wireName() {
        return wireName;
    }

    public static Optional<Protocol> named(String wireName) {
        return Arrays.stream(values())
                .filter(protocol -> protocol.wireName.equals(wireName))
                .findFirst();
    }
}
