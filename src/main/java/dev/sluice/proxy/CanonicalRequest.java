package dev.sluice.proxy;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Loss;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.proxy.account.Fault;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's request in the canonical form, read when it is first asked for: a call that stays in
 * its client's dialect never asks. Not for several threads at once; a call hands it on from the
 * loop to a worker and back.
 */
public final class CanonicalRequest {
    private final Dialect client;
    private final byte[] body;
    private final Envelope envelope;
    private final List<Loss> losses;
    private @Nullable ChatRequest read;

    /**
     * @param body in the client's dialect, as it came
     */
    public CanonicalRequest(Dialect client, byte[] body, Envelope envelope) {
        this(client, body, envelope, List.of());
    }

    /**
     * @param losses what the client's dialect had no word for, where the body came in another's
     */
    public CanonicalRequest(Dialect client, byte[] body, Envelope envelope, List<Loss> losses) {
        this.client = client;
        this.body = body;
        this.envelope = envelope;
        this.losses = List.copyOf(losses);
    }

    /** {@return what was lost before anybody was asked} */
    public List<Loss> losses() {
        return losses;
    }

    /** {@return the dialect in which it was said} */
    public Dialect client() {
        return client;
    }

    /** {@return what it says outside of its body} */
    public Envelope envelope() {
        return envelope;
    }

    /**
     * {@return what it says}
     *
     * @throws GatewayException 400 naming the place, if it cannot mean anything
     */
    public ChatRequest request() {
        ChatRequest known = read;
        if (known == null) {
            known = read();
            read = known;
        }
        return known;
    }

    private ChatRequest read() {
        try {
            return client.readRequest(body, envelope);
        } catch (MalformedRequest malformed) {
            throw refused(malformed);
        }
    }

    /** {@return what a client is told whose body cannot be read} */
    public static GatewayException refused(MalformedRequest malformed) {
        String message =
                Objects.requireNonNullElse(malformed.getMessage(), "The body cannot be read.");
        return new GatewayException(
                new ChatError(ErrorKind.BAD_REQUEST, "invalid_request", message, malformed.param()),
                Fault.CLIENT,
                null);
    }
}
