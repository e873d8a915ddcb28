package dev.sluice.dialect.openai.chat.answer;

/** Numbers the blocks of a stream, across its choices. */
final class OpenAiChatBlocks {
    private int next;

    int next() {
        return next++;
    }
}
