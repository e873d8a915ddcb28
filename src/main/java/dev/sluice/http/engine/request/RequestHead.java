package dev.sluice.http.engine.request;

import dev.sluice.http.Headers;
import dev.sluice.http.HttpFailure;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The checks of a request's head that the codec leaves to us. */
public final class RequestHead {
    private RequestHead() {}

    public static Headers headers(HttpServerRequest request) {
        List<Headers.Header> fields = new ArrayList<>(request.headers().size());
        for (Map.Entry<String, String> field : request.headers()) {
            fields.add(new Headers.Header(field.getKey(), field.getValue()));
        }
        return Headers.of(fields);
    }

    /** Fails with {@link HttpFailure} 400 or 505 when the head is not one. */
    public static void check(HttpServerRequest request) {
        if (request.headers().contains("")) {
            throw new HttpFailure(400, "bad_header", "A header field needs a name.");
        }
        HttpVersion version = request.version();
        if (version == null) {
            throw new HttpFailure(505, "unsupported_version", "Use HTTP/1.1 or HTTP/2.");
        }
        if (version == HttpVersion.HTTP_2) {
            return;
        }
        int hosts = request.headers().getAll("host").size();
        if (hosts > 1 || (hosts == 0 && version == HttpVersion.HTTP_1_1)) {
            throw new HttpFailure(400, "bad_host", "A request needs one Host field.");
        }
    }
}
