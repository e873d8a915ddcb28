package dev.sluice.proxy.authenticate;

import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The credentials of a request, from all the places where clients of the four dialects put them:
 * {@code Authorization: Bearer}, {@code X-API-Key}, {@code x-goog-api-key}, {@code api-key} and
 * {@code ?key=} (wire-contract §2.12). Below {@code /admin} that parameter names a key by its id.
 */
final class Credentials {
    private static final String CONTROL_PLANE = "/admin/";
    private static final String BEARER = "bearer ";
    private static final String[] KEY_HEADERS = {
        "x-api-key", "x-goog-api-key", "api-key", "x-auth-token"
    };

    private Credentials() {}

    /** {@return the distinct credentials present, none of them empty} */
    static Set<String> of(Exchange exchange) {
        Set<String> found = new LinkedHashSet<>(4);
        Headers headers = exchange.headers();
        for (String authorization : headers.all("authorization")) {
            if (authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
                add(found, authorization.substring(BEARER.length()));
            }
        }
        for (String name : KEY_HEADERS) {
            headers.all(name).forEach(value -> add(found, value));
        }
        if (!exchange.path().startsWith(CONTROL_PLANE)) {
            add(found, exchange.queryCredential());
        }
        return found;
    }

    private static void add(Set<String> found, @Nullable String credential) {
        if (credential != null && !credential.isBlank()) {
            found.add(credential.strip());
        }
    }
}
