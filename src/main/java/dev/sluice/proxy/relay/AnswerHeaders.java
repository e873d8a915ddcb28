package dev.sluice.proxy.relay;

import dev.sluice.http.Headers;
import dev.sluice.http.Headers.Header;
import dev.sluice.proxy.call.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The headers that a client gets: what may pass of the upstream's, and what the gateway says of
 * itself. Cookies, server names and the rate limits of the operator's account stay behind
 * (wire-contract §2.1).
 */
final class AnswerHeaders {
    private AnswerHeaders() {}

    static Headers of(Headers upstream, Call call, boolean stream) {
        List<Header> headers = new ArrayList<>(10);
        for (Header header : upstream) {
            switch (header.name().toLowerCase(Locale.ROOT)) {
                case "content-type", "content-encoding", "openai-processing-ms", "x-should-retry" ->
                        headers.add(header);
                case "retry-after", "retry-after-ms" -> headers.add(header);
                case "x-request-id" ->
                        headers.add(new Header("x-upstream-request-id", header.value()));
                default -> {
                    // everything else stays behind
                }
            }
        }
        String anthropicId = upstream.get("request-id");
        if (anthropicId != null && !upstream.contains("x-request-id")) {
            headers.add(new Header("x-upstream-request-id", anthropicId));
        }
        call.trail().forEach(headers::add);
        if (!call.warnings().isEmpty()) {
            headers.add(
                    new Header(
                            "x-sluice-warnings", Call.visible(String.join(",", call.warnings()))));
        }
        if (stream) {
            headers.add(new Header("cache-control", "no-cache"));
            headers.add(new Header("x-accel-buffering", "no"));
        }
        return Headers.of(headers);
    }
}
