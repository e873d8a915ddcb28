package dev.sluice.dialect.anthropic;

import dev.sluice.dialect.peek.UpstreamReference;
import dev.sluice.dialect.peek.UpstreamReference.Kind;
import dev.sluice.dialect.rules.peek.ReferenceScanner;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The ids in a request of what only one account of Anthropic keeps: files and containers. */
final class AnthropicReferences {
    /** What a tool is called with, and schemas, are the client's own JSON. */
    private static final ReferenceScanner SCANNER =
            new ReferenceScanner(
                    Map.of("file_id", Kind.FILE, "container", Kind.CONTAINER),
                    Set.of("input", "input_schema", "schema", "metadata"),
                    "");

    private AnthropicReferences() {}

    static List<UpstreamReference> in(byte[] body) {
        return SCANNER.scan(body);
    }
}
