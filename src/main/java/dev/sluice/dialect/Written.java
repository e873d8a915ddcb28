package dev.sluice.dialect;

import dev.sluice.chat.Loss;
import java.util.List;
import java.util.Map;

/**
 * A request as an upstream's dialect says it.
 *
 * @param path below the version segment, with a query where the dialect needs one: {@code
 *     chat/completions}, {@code models/m:streamGenerateContent?alt=sse}
 * @param headers that go with it, names in lower case; never a credential
 * @param losses what could not be said; where one is a refusal the body must not be sent unless an
 *     operator's switch says so
 */
public record Written(
        byte[] body, String path, Map<String, String> headers, List<Loss> losses, Memory memory) {

    public Written {
        headers = Map.copyOf(headers);
        losses = List.copyOf(losses);
    }
}
