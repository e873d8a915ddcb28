package dev.sluice.proxy;

import dev.sluice.catalog.Permission;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.openai.tasks.Task;
import dev.sluice.dialect.openai.tasks.TaskDialect;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.Headers.Header;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.UsageEstimate;
import dev.sluice.proxy.relay.ByteTap;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a raw path: which permission it needs, which dialect is spoken there, which
 * headers pass.
 */
public final class RawPaths {
    /** Paths below the version segment that generate, and so need no more than {@code write}. */
    private static final Set<String> GENERATION =
            Set.of(
                    "/chat/completions",
                    "/completions",
                    "/responses",
                    "/messages",
                    "/messages/count_tokens",
                    "/embeddings",
                    "/moderations",
                    "/rerank");

    /**
     * What a client's request may never hand on: its credentials, its cookies, and what describes
     * the way it came.
     */
    private static final Set<String> STAYS_BEHIND =
            Set.of(
                    "authorization",
                    "x-api-key",
                    "x-goog-api-key",
                    "api-key",
                    "cookie",
                    "host",
                    "content-length",
                    "accept-encoding",
                    "expect",
                    "x-upstream-name",
                    "x-session-id",
                    "x-real-ip",
                    "forwarded",
                    "via");

    private static final Set<String> ANSWER_STAYS_BEHIND =
            Set.of("set-cookie", "content-length", "x-request-id", "request-id");

    private final Dialects dialects;

    public RawPaths(Dialects dialects) {
        this.dialects = dialects;
    }

    /**
     * Where a raw request goes.
     *
     * @param path below the version segment, with its leading slash
     */
    record Target(String path, Permission needed, @Nullable Protocol protocol, boolean isLook) {
        Target(String path, Permission needed, @Nullable Protocol protocol) {
            this(path, needed, protocol, needed == Permission.READ);
        }
    }

    /** {@return where a stored response is, whatever is asked of it} It costs nothing. */
    static Target stored(Exchange exchange) {
        String path = exchange.path().substring("/v1".length());
        return new Target(path, Permission.WRITE, Protocol.OPENAI_RESPONSES, true);
    }

    Target target(Exchange exchange) {
        String path = "/" + exchange.pathParameters().getOrDefault("**", "");
        boolean get = exchange.method().equals("GET") || exchange.method().equals("HEAD");
        if (get && (path.equals("/models") || path.startsWith("/models/"))) {
            return new Target(path, Permission.READ, null);
        }
        boolean generates = exchange.method().equals("POST") && GENERATION.contains(path);
        return new Target(path, generates ? Permission.WRITE : Permission.RAW, protocol(path));
    }

    private static @Nullable Protocol protocol(String path) {
        return switch (path) {
            case "/chat/completions" -> Protocol.OPENAI_CHAT;
            case "/responses" -> Protocol.OPENAI_RESPONSES;
            case "/messages" -> Protocol.ANTHROPIC;
            default -> null;
        };
    }

    /** {@return the dialect in which errors on that path are told} */
    Dialect dialect(Target target) {
        Dialect known = spoken(target);
        return known == null ? dialects.of(Protocol.OPENAI_CHAT) : known;
    }

    private @Nullable Dialect spoken(Target target) {
        Protocol protocol = target.protocol();
        return protocol == null || !dialects.speaks(protocol) ? null : dialects.of(protocol);
    }

    /** {@return the client's headers that may pass, and over them the gateway's own} */
    Headers requestHeaders(Headers own, Headers client) {
        List<Header> headers = new ArrayList<>(client.size());
        for (Header header : client) {
            String name = header.name().toLowerCase(Locale.ROOT);
            if (!STAYS_BEHIND.contains(name)
                    && !name.startsWith("x-forwarded-")
                    && !own.contains(name)) {
                headers.add(header);
            }
        }
        return Headers.of(headers).and(own);
    }

    Headers answerHeaders(Headers upstream, Call call) {
        List<Header> headers = new ArrayList<>(upstream.size() + 1);
        for (Header header : upstream) {
            if (!ANSWER_STAYS_BEHIND.contains(header.name().toLowerCase(Locale.ROOT))) {
                headers.add(header);
            }
        }
        if (call.serving() != null) {
            headers.add(new Header("x-sluice-upstream", call.serving().upstream().name()));
        }
        return Headers.of(headers);
    }

    /**
     * {@return what reads usage from the answer, where the path says in which shape it would be}
     */
    ByteTap tap(Target target, OutboundAnswer answer, UsageEstimate estimate) {
        Dialect dialect = counting(target);
        if (dialect == null || answer.status() >= 300) {
            return ByteTap.BLIND;
        }
        String type = answer.headers().get("content-type");
        boolean events = type != null && type.toLowerCase(Locale.ROOT).contains("event-stream");
        return events ? ByteTap.ofEvents(dialect, estimate) : ByteTap.ofAnswer(dialect, estimate);
    }

    private @Nullable Dialect counting(Target target) {
        if (target.needed() != Permission.WRITE || target.isLook()) {
            return null;
        }
        Dialect chat = spoken(target);
        return chat != null
                ? chat
                : Task.at(target.path().substring(1)).map(TaskDialect::new).orElse(null);
    }
}
