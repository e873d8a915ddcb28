package dev.sluice.proxy.cloud;

import dev.sluice.catalog.cloud.TokenAccount;
import dev.sluice.dialect.rules.peek.ErrorReader;
import dev.sluice.http.Headers;
import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.http.client.OutboundRequest;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks a cloud's token endpoint (RFC 6749 §5, RFC 7523) for access tokens, through the gateway's
 * own client: within its address rules, without following redirects.
 */
final class TokenEndpoint {
    private static final OutboundRequest.Timeouts TIMEOUTS =
            new OutboundRequest.Timeouts(
                    Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(5));
    private static final int LARGEST_ANSWER = 64 * 1024;
    private static final int LONGEST_REASON = 300;
    private static final int LONGEST_TOKEN = 16 * 1024;

    /** What RFC 6749 leaves open; both clouds say an hour. */
    private static final int UNSAID_SECONDS = 3_600;

    private static final int LONGEST_SECONDS = 86_400;

    private final OutboundClient client;
    private final AddressPolicy reach;
    private final Clock clock;
    private final LongSupplier ticker;

    TokenEndpoint(OutboundClient client, AddressPolicy reach, Clock clock, LongSupplier ticker) {
        this.client = client;
        this.reach = reach;
        this.clock = clock;
        this.ticker = ticker;
    }

    /**
     * {@return a new token; fails with {@link NoAccessToken}} Signs before it sends: not for an
     * event loop.
     */
    Future<AccessToken> ask(TokenAccount account) {
        TokenRequest asked;
        try {
            asked = TokenRequest.of(account, clock.instant());
        } catch (NoAccessToken unsignable) {
            return Future.failedFuture(unsignable);
        }
        OutboundRequest request =
                OutboundRequest.whole(
                        "POST",
                        account.tokenUri(),
                        Headers.of(
                                "content-type",
                                "application/x-www-form-urlencoded",
                                "accept",
                                "application/json"),
                        Buffer.buffer(asked.form()),
                        TIMEOUTS,
                        reach);
        return client.send(request)
                .answer()
                .compose(answer -> read(answer, account, asked))
                .recover(failure ->
                        Future.failedFuture(
                                failure instanceof NoAccessToken
                                        ? failure
                                        : none(
                                                account,
                                                "cannot be asked: " + failure.getMessage())));
    }

    private Future<AccessToken> read(
            OutboundAnswer answer, TokenAccount account, TokenRequest asked) {
        return answer.unpacked()
                .bodyUpTo(LARGEST_ANSWER)
                .map(body -> token(answer.status(), body.getBytes(), account, asked));
    }

    private AccessToken token(int status, byte[] body, TokenAccount account, TokenRequest asked) {
        JsonNode said = tree(body);
        String value = said.path("access_token").asString("");
        if (status != 200 || !isToken(value)) {
            throw none(account, "answered " + status + reason(said, asked.secret()));
        }
        int seconds = said.path("expires_in").asInt(UNSAID_SECONDS);
        return AccessToken.of(
                value,
                Duration.ofSeconds(Math.clamp(seconds, 1, LONGEST_SECONDS)),
                ticker.getAsLong());
    }

    /** It has to fit into a header's line. */
    private static boolean isToken(String value) {
        return !value.isEmpty()
                && value.length() <= LONGEST_TOKEN
                && value.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    /** {@return what RFC 6749 §5.2 has of the reason} */
    private static String reason(JsonNode said, String secret) {
        String code = said.path("error").asString("");
        String words = said.path("error_description").asString("");
        if (code.isEmpty() && words.isEmpty()) {
            return " without an access token";
        }
        String text = ": " + code + (words.isEmpty() ? "" : " (" + words + ")");
        return ErrorReader.safe(text.replace(secret, "***"), LONGEST_REASON);
    }

    private static JsonNode tree(byte[] body) {
        try {
            return JsonMapper.shared().readTree(body);
        } catch (JacksonException notJson) {
            return JsonMapper.shared().missingNode();
        }
    }

    private static NoAccessToken none(TokenAccount account, String what) {
        return new NoAccessToken(
                "No access token for "
                        + account.name()
                        + ": "
                        + account.tokenUri().getHost()
                        + " "
                        + what);
    }
}
