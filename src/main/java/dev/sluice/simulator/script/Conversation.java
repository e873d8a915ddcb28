package dev.sluice.simulator.script;

import java.util.List;

/**
 * What was said so far, as much of it as an answer needs.
 *
 * @param lastUserText the newest user's message, "" where there is none
 * @param results what tools answered since the model last spoke
 * @param media images, files and sounds
 * @param inputTokens of all of it: a token for every four bytes of text begun, {@value
 *     #TOKENS_PER_MEDIUM} for every medium
 */
public record Conversation(String lastUserText, List<String> results, int media, int inputTokens) {
    static final int TOKENS_PER_MEDIUM = 256;
}
