package dev.sluice.proxy;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Upstream;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.openai.responses.StoredResponse;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.UsageEstimate;
import dev.sluice.proxy.relay.ByteTap;
import dev.sluice.proxy.relay.KeepingTap;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.state.Keeper;
import dev.sluice.proxy.state.KeptReferences;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whose the things are that raw requests name: all keys share the operator's account at an
 * upstream, so that an id alone must open nothing. A body that can name such things is therefore
 * held and read; all others stream through.
 */
public final class RawReferences {
    private static final Envelope NOTHING_ELSE = new Envelope(null, false, List.of());

    private final Dialects dialects;
    private final KeptReferences references;
    private final int largestOnLoop;

    /**
     * @param largestOnLoop bodies of more bytes than that are read on a worker
     */
    public RawReferences(Dialects dialects, KeptReferences references, int largestOnLoop) {
        this.dialects = dialects;
        this.references = references;
        this.largestOnLoop = largestOnLoop;
    }

    /**
     * Checks the ids in a path.
     *
     * @throws GatewayException 404 if one is known to be another's
     */
    void check(ApiKey key, String path) {
        for (String segment : path.split("/", -1)) {
            if (references.isAnothers(key, decoded(segment))) {
                throw GatewayException.client(
                        ErrorKind.NOT_FOUND,
                        "not_found",
                        "Nothing with id '" + segment + "' is known to be yours.");
            }
        }
    }

    /**
     * {@return the label of that upstream's key whose account keeps what the path names, or null}
     */
    @Nullable String keyLabel(Upstream upstream, String path) {
        for (String segment : path.split("/", -1)) {
            Keeper keeper = references.keeperOf(decoded(segment));
            if (keeper != null && keeper.upstreamId().equals(upstream.id())) {
                return keeper.keyLabel();
            }
        }
        return null;
    }

    /** A plus sign in a path is one. */
    private static String decoded(String segment) {
        try {
            return segment.indexOf('%') < 0
                    ? segment
                    : URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException malformed) {
            return segment;
        }
    }

    /** {@return whether a body on that path can name what an upstream keeps} */
    boolean mustRead(RawPaths.Target target) {
        return reader(target) != null;
    }

    /**
     * {@return the body, once every id in it is known to be the key's and to live at that upstream}
     * Fails with 400 where one is not, and where the body is no JSON: what cannot be read cannot be
     * checked; with 415 where it is compressed.
     */
    Future<Checked> checked(
            Exchange exchange, ApiKey key, Upstream upstream, RawPaths.Target target) {
        Dialect dialect = reader(target);
        if (dialect == null) {
            throw new IllegalArgumentException(target.path() + " names nothing");
        }
        return ReadableBody.of(exchange)
                .compose(body -> {
                    if (body.length() > largestOnLoop) {
                        return exchange.onWorker(() -> checked(body, key, upstream, dialect));
                    }
                    return Future.succeededFuture(checked(body, key, upstream, dialect));
                });
    }

    /**
     * A body that may be sent.
     *
     * @param keyLabel of the key whose account keeps what it names, or null
     */
    record Checked(Buffer body, @Nullable String keyLabel) {}

    private Checked checked(Buffer body, ApiKey key, Upstream upstream, Dialect dialect) {
        if (body.length() == 0) {
            return new Checked(body, null);
        }
        byte[] bytes = body.getBytes();
        try {
            dialect.peek(bytes, NOTHING_ELSE);
        } catch (MalformedRequest malformed) {
            throw CanonicalRequest.refused(malformed);
        }
        Optional<Keeper> keeper = references.keeperOf(key, dialect.references(bytes));
        if (keeper.isPresent() && !keeper.get().upstreamId().equals(upstream.id())) {
            throw GatewayException.parameter(
                    "reference_elsewhere",
                    "The request names something that another upstream keeps; name that one in"
                            + " X-Upstream-Name.",
                    null);
        }
        return new Checked(body, keeper.map(Keeper::keyLabel).orElse(null));
    }

    /** Below a path may stand more: what a gateway does not know yet, an upstream may. */
    private @Nullable Dialect reader(RawPaths.Target target) {
        Protocol protocol =
                switch (firstSegment(target.path())) {
                    case "responses", "conversations" -> Protocol.OPENAI_RESPONSES;
                    case "chat" -> Protocol.OPENAI_CHAT;
                    case "messages" -> Protocol.ANTHROPIC;
                    default -> null;
                };
        return protocol == null || !dialects.speaks(protocol) ? null : dialects.of(protocol);
    }

    private static String firstSegment(String path) {
        String first = path;
        while (first.startsWith("/")) {
            first = first.substring(1);
        }
        int end = first.indexOf('/');
        return decoded(end < 0 ? first : first.substring(0, end)).toLowerCase(Locale.ROOT);
    }

    /**
     * {@return what reads from the answer whose it is, and its usage; null where no answer is kept}
     */
    @Nullable ByteTap tap(
            RawPaths.Target target, OutboundAnswer answer, Call call, UsageEstimate estimate) {
        Candidate serving = call.serving();
        if (serving == null
                || target.protocol() != Protocol.OPENAI_RESPONSES
                || target.isLook()
                || answer.status() >= 300) {
            return null;
        }
        Consumer<StoredResponse> keeper =
                made -> references.made(call.key(), call.keeper(serving), made);
        Dialect dialect = dialects.of(Protocol.OPENAI_RESPONSES);
        return isEventStream(answer.headers())
                ? KeepingTap.ofEvents(dialect, estimate, keeper)
                : KeepingTap.ofAnswer(dialect, estimate, keeper);
    }

    private static boolean isEventStream(Headers headers) {
        String type = headers.get("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).contains("event-stream");
    }
}
