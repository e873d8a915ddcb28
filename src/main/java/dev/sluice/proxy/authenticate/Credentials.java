package dev.sluice.proxy.authenticate;

import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import java.util.LinkedHashSet;
import java.util.Locale;
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
    private static final Set<String> KEY_HEADERS =
            Set.of("x-api-key", "x-goog-api-key", "api-key", "x-auth-token");

    private Credentials() {}

    /** {@return the distinct credentials present, none of them empty} */
    static Set<String> of(Exchange exchange) {
        Set<String> found = new LinkedHashSet<>(4);
        for (Headers.Header header : exchange.headers()) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (name.equals("authorization")) {
                add(found, bearer(header.value()));
            } else if (KEY_HEADERS.contains(name)) {
                add(found, header.value());
            }
        }
        if (!exchange.path().startsWith(CONTROL_PLANE)) {
            add(found, exchange.queryCredential());
        }
        return found;
    }

    private static @Nullable String bearer(String authorization) {
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? authorization.substring(BEARER.length())
                : null;
    }

    private static void add(Set<String> found, @Nullable String credential) {
        if (credential != null && !credential.isBlank()) {
            found.add(credential.strip());
        }
    }
}
