package dev.sluice.dialect.openai.responses;

import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.peek.UpstreamReference.Kind;
import dev.sluice.dialect.rules.peek.ReferenceScanner;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ids in a request of what only one upstream keeps (wire-contract §1.2, state). */
final class OpenAiResponsesReferences {
    private static final ReferenceScanner SCANNER =
            new ReferenceScanner(
                    Map.of(
                            "previous_response_id", Kind.RESPONSE,
                            "conversation", Kind.CONVERSATION,
                            "prompt", Kind.PROMPT,
                            "container", Kind.CONTAINER,
                            "container_id", Kind.CONTAINER,
                            "file_id", Kind.FILE,
                            "file_ids", Kind.FILE,
                            "vector_store_ids", Kind.VECTOR_STORE),
                    Set.of("parameters", "schema", "metadata"),
                    "input");

    private OpenAiResponsesReferences() {}

    static List<UpstreamReference> in(byte[] body) {
        return SCANNER.scan(body);
    }
}
