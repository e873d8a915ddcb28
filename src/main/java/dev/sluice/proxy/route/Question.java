package dev.sluice.proxy.route;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.catalog.Upstream;
import dev.sluice.chat.ErrorKind;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.memory.SessionKey;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where should this go?
 *
 * @param key whose upstreams count; null for all
 * @param request null where nothing was sent yet
 * @param strategy in place of the model's own, or null
 * @param excluded upstreams by name or id that are out of the question
 * @param seed what chance is drawn from
 * @param isRehearsal whether nothing is to remember that this was asked
 */
public record Question(
        @Nullable ApiKey key,
        @Nullable String model,
        @Nullable InboundRequest request,
        @Nullable SessionKey session,
        @Nullable String region,
        @Nullable RoutingStrategy strategy,
        Set<String> excluded,
        long seed,
        boolean isRehearsal) {

    private static final Pattern UUID_TEXT =
            Pattern.compile("\\p{XDigit}{8}(-\\p{XDigit}{4}){3}-\\p{XDigit}{12}");

    public Question {
        excluded = Set.copyOf(excluded);
    }

    /**
     * {@return the question that a request puts}
     *
     * @param byClientsId whether chance is drawn from the client's {@code X-Request-ID}, where that
     *     is a UUID
     * @throws GatewayException 400 if its session has too long a name
     */
    static Question of(ApiKey key, InboundRequest request, boolean byClientsId) {
        String model = request.model();
        return new Question(
                key,
                model == null || model.isBlank() ? key.defaultModel() : model,
                request,
                session(key.id(), request.headers().get("x-session-id")),
                request.headers().get("x-sluice-region"),
                null,
                Set.of(),
                seed(request, byClientsId ? request.headers().get("x-request-id") : null),
                false);
    }

    private static long seed(InboundRequest request, @Nullable String clientsId) {
        if (clientsId != null && UUID_TEXT.matcher(clientsId).matches()) {
            UUID id = UUID.fromString(clientsId);
            return id.getMostSignificantBits() ^ id.getLeastSignificantBits();
        }
        return UUID.fromString(request.id()).getLeastSignificantBits();
    }

    /**
     * {@return the session of that name, or null without one}
     *
     * @throws GatewayException 400 if the name is too long
     */
    public static @Nullable SessionKey session(UUID keyId, @Nullable String name) {
        if (name == null || name.isBlank()) {
            return null;
        }
        if (name.getBytes(StandardCharsets.UTF_8).length > SessionKey.LONGEST) {
            throw GatewayException.client(
                    ErrorKind.BAD_REQUEST,
                    "invalid_session_id",
                    "X-Session-Id may have at most " + SessionKey.LONGEST + " bytes.");
        }
        return new SessionKey(keyId, name);
    }

    boolean excludes(Upstream upstream) {
        return !excluded.isEmpty()
                && (excluded.contains(upstream.name())
                        || excluded.contains(upstream.id().toString()));
    }
}
