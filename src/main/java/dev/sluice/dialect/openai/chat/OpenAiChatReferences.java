package dev.sluice.dialect.openai.chat;

import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.peek.UpstreamReference.Kind;
import dev.sluice.dialect.rules.peek.ReferenceScanner;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ids in a request of what only one account of OpenAI keeps: files. */
final class OpenAiChatReferences {
    /** Schemas and metadata are the client's own JSON. */
    private static final ReferenceScanner SCANNER =
            new ReferenceScanner(
                    Map.of("file_id", Kind.FILE), Set.of("parameters", "schema", "metadata"), "");

    private OpenAiChatReferences() {}

    static List<UpstreamReference> in(byte[] body) {
        return SCANNER.scan(body);
    }
}
