package dev.sluice.dialect.gemini.answer;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.gemini.peek.GeminiAnswerPeeker;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.dialect.whole.AnswerCollector;
import tools.jackson.core.JacksonException;

/**
 * A Gemini upstream's whole answer (wire-contract §1.4), read as the stream of one chunk that it
 * is. It needs no finish reason, if it says anything.
 */
public final class GeminiAnswerReader {
    private GeminiAnswerReader() {}

    public static ChatAnswer read(byte[] body, Memory memory) {
        UpstreamError error = GeminiAnswerPeeker.answer(body).error();
        if (error != null) {
            return ChatAnswer.failed(error);
        }
        AnswerCollector collector = new AnswerCollector();
        try {
            new GeminiEventReader(memory).readWhole(Json.tree(body), collector::take);
        } catch (JacksonException e) {
            return ChatAnswer.failed(ErrorReader.read(0, body));
        }
        return collector.answer();
    }
}
