package dev.sluice.proxy.call;

import dev.sluice.catalog.ApiKey;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.account.Opening;
import dev.sluice.proxy.account.RequestRecord;
import dev.sluice.proxy.account.RequestRecord.AttemptRecord;
import dev.sluice.proxy.admit.Charge;
import dev.sluice.proxy.admit.Lease;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import dev.sluice.proxy.state.Keeper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one call so far, and what it holds. It is opened once its key is known and
 * closed once; closing settles the lease and hands the record to the sink. Belongs to the
 * exchange's event loop.
 */
public final class Call {
    private final Exchange exchange;
    private final ApiKey key;
    private @Nullable Protocol protocol;
    private @Nullable Dialect client;
    private final Calls calls;
    private final Instant startedAt;
    private final List<AttemptRecord> attempts = new ArrayList<>(1);
    private final List<String> warnings = new ArrayList<>(0);
    private List<String> losses = List.of();
    private @Nullable String askedModel;
    private boolean stream;
    private long requestBytes;
    private @Nullable Plan plan;
    private @Nullable Lease lease;
    private @Nullable Candidate serving;
    private @Nullable String targetUrl;
    private @Nullable String servingKey;
    private long firstTokenNanos;
    private @Nullable Future<Void> closed;
    private Runnable whenClientLeaves = () -> {};
    private Runnable whenInterrupted = () -> {};
    private Consumer<Delivery> whenClosed = _ -> {};
    private Consumer<Buffer> whenAnswered = _ -> {};
    private @Nullable Overhearing overhearing;

    Call(Exchange exchange, ApiKey key, @Nullable Protocol protocol, Calls calls) {
        this.exchange = exchange;
        this.key = key;
        this.protocol = protocol;
        this.calls = calls;
        this.startedAt = calls.clock().instant();
    }

    public ApiKey key() {
        return key;
    }

    /** {@return when it began: the moment that decides in which period it is booked} */
    public Instant startedAt() {
        return startedAt;
    }

    /** Notes in which dialect it turned out to be, whatever its path says. */
    public void isIn(Dialect meant) {
        this.client = meant;
        this.protocol = meant.protocol();
    }

    /** {@return the dialect of its answer: its path's, as long as nothing else has turned out} */
    public Dialect client(Dialect ofPath) {
        return client == null ? ofPath : client;
    }

    /** Notes what is asked. */
    public void asks(@Nullable String model, boolean wantsStream, long bytes) {
        this.askedModel = model;
        this.stream = wantsStream;
        this.requestBytes = bytes;
    }

    /** Notes where it may go and what it holds. */
    public void mayStart(Plan chosen, Lease held) {
        this.plan = chosen;
        this.lease = held;
        if (held.maxOutputTokens() != null) {
            warns("clamped:max_tokens");
        }
    }

    /**
     * Notes that an attempt begins; {@return what ends it}
     *
     * @param lost what this candidate could not be told
     */
    public AttemptLog attempts(
            Candidate candidate, @Nullable String keyLabel, String url, List<String> lost) {
        this.serving = candidate;
        this.targetUrl = url;
        this.servingKey = keyLabel;
        this.losses = lost;
        long began = calls.nanos();
        return new AttemptLog() {
            @Override
            public void serves() {
                serving = candidate;
                targetUrl = url;
                servingKey = keyLabel;
                losses = lost;
            }

            @Override
            public void ended(
                    @Nullable Integer status, String outcome, @Nullable String errorText) {
                attempts.add(
                        new AttemptRecord(
                                candidate.upstream().id(),
                                candidate.upstream().name(),
                                candidate.model(),
                                keyLabel,
                                (began - exchange.arrivedNanos()) / 1000,
                                (calls.nanos() - began) / 1000,
                                status,
                                outcome,
                                errorText));
            }
        };
    }

    public void warns(String code) {
        warnings.add(code);
    }

    /** {@return what was changed or left out of what was asked, as short codes} */
    public List<String> warnings() {
        if (losses.isEmpty()) {
            return warnings;
        }
        List<String> all = new ArrayList<>(warnings);
        all.addAll(losses);
        return all;
    }

    /** {@return what an answer's headers say of the way the call went} */
    public Headers trail() {
        List<Headers.Header> headers = new ArrayList<>(3);
        Candidate by = serving;
        if (by != null) {
            headers.add(new Headers.Header("x-sluice-upstream", visible(by.upstream().name())));
            headers.add(new Headers.Header("x-sluice-model", visible(by.model())));
        }
        headers.add(new Headers.Header("x-sluice-attempts", Integer.toString(attemptsMade())));
        return Headers.of(headers);
    }

    /** {@return the text as a header's value, which may only hold visible ASCII and spaces} */
    public static String visible(String text) {
        StringBuilder cleaned = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~') {
                if (cleaned == null) {
                    cleaned = new StringBuilder(text);
                }
                cleaned.setCharAt(i, '?');
            }
        }
        return cleaned == null ? text : cleaned.toString();
    }

    /** {@return how many attempts have ended} */
    public int attemptsMade() {
        return attempts.size();
    }

    /** {@return the size of what was asked} */
    public long requestBytes() {
        return requestBytes;
    }

    public @Nullable Candidate serving() {
        return serving;
    }

    /** {@return who keeps what that answer may have made} */
    public Keeper keeper(Candidate by) {
        return new Keeper(by.upstream().id(), servingKey);
    }

    /** Notes the moment of the first output; later ones change nothing. */
    public void firstToken() {
        if (firstTokenNanos == 0) {
            firstTokenNanos = calls.nanos();
        }
    }

    /** Sets what is to be done if the client leaves from now on, in place of what was. */
    public void whenClientLeaves(Runnable action) {
        this.whenClientLeaves = action;
    }

    /** Sets what is to be done if the gateway must stop before this call has ended. */
    public void whenInterrupted(Runnable action) {
        this.whenInterrupted = action;
    }

    /** Sets who listens to what the client is answered; null for nobody. */
    public void overheardBy(@Nullable Overhearing listener) {
        this.overhearing = listener;
    }

    /** Sets who is told the answer once it is whole: all of it, or the end of its stream. */
    public void whenAnswered(Consumer<Buffer> listener) {
        this.whenAnswered = listener;
    }

    /** The answer is whole, and not an error. */
    public void answered(Buffer answer) {
        whenAnswered.accept(answer);
    }

    /** Notes bytes that go to the client. */
    public void passed(Buffer bytes) {
        Overhearing listener = overhearing;
        if (listener != null) {
            listener.passed(bytes);
        }
    }

    /** Sets who is told how the answer ended, in place of whoever was. */
    public void whenClosed(Consumer<Delivery> told) {
        this.whenClosed = told;
    }

    /** The client has gone. */
    public void clientLeft() {
        if (closed == null) {
            whenClientLeaves.run();
        }
    }

    /** The gateway stops; may be called from any thread. */
    public void interrupt() {
        exchange.run(() -> {
            if (closed == null) {
                whenInterrupted.run();
            }
        });
    }

    /** {@return microseconds since the request arrived} */
    public long elapsedMicros() {
        return (calls.nanos() - exchange.arrivedNanos()) / 1000;
    }

    /** {@return whether it was asked for as a stream} */
    public boolean isStream() {
        return stream;
    }

    public boolean isClosed() {
        return closed != null;
    }

    /** {@return completes when what is reserved for this call would survive the process} */
    public Future<Void> open() {
        Lease held = lease;
        if (held == null || held.reservations().isEmpty()) {
            return Future.succeededFuture();
        }
        Delivery interrupted =
                Delivery.refused(
                        Ending.INTERRUPTED,
                        Delivery.CLIENT_CLOSED_REQUEST,
                        Fault.GATEWAY,
                        "interrupted",
                        "The gateway stopped amid the call.",
                        0);
        serving = held.reservedFor();
        return calls.sink()
                .opened(new Opening(record(interrupted, held.worst()), held.reservations()));
    }

    /**
     * Closes the call: settles the lease and journals the record. {@return completes when the
     * record would survive the process; the answer's last bytes wait for it} Closing again changes
     * nothing.
     */
    public Future<Void> close(Delivery delivery) {
        Future<Void> before = closed;
        if (before != null) {
            return before;
        }
        Lease held = lease;
        Charge charge =
                held == null
                        ? new Charge(delivery.usage(), RequestRecord.Cost.UNPRICED)
                        : held.settle(delivery.usage(), delivery.ending(), delivery.model());
        RequestRecord record = record(delivery, charge);
        Future<Void> written = calls.sink().closed(record);
        closed = written;
        calls.closed(this, record);
        whenClosed.accept(delivery);
        Overhearing listener = overhearing;
        if (listener != null) {
            listener.over();
        }
        return written;
    }

    private RequestRecord record(Delivery delivery, Charge charge) {
        return new RequestRecord(
                UUID.fromString(exchange.id()),
                startedAt,
                asker(),
                new RequestRecord.Asked(
                        exchange.method(), exchange.path(), protocol, askedModel, stream),
                served(delivery),
                new RequestRecord.Outcome(
                        delivery.ending(),
                        delivery.status(),
                        delivery.fault(),
                        delivery.errorCode(),
                        delivery.errorText()),
                timing(),
                charge.usage(),
                charge.cost(),
                new RequestRecord.Traffic(requestBytes, delivery.bytes(), delivery.chunks()),
                attempts,
                warnings());
    }

    private RequestRecord.Asker asker() {
        return new RequestRecord.Asker(
                key.id(),
                key.prefix(),
                key.sourceLabel(),
                key.userId(),
                key.organizationId(),
                bounded(exchange.headers().get("x-session-id"), 128),
                exchange.clientAddress(),
                bounded(exchange.headers().get("user-agent"), 256));
    }

    private RequestRecord.Served served(Delivery delivery) {
        Candidate by = serving;
        Plan followed = plan;
        String trail = followed == null ? null : followed.trail();
        if (by == null) {
            return new RequestRecord.Served(null, null, null, null, null, trail);
        }
        String model = delivery.model() == null ? by.model() : delivery.model();
        return new RequestRecord.Served(
                by.upstream().id(),
                by.upstream().name(),
                bounded(model, 256),
                by.protocol(),
                targetUrl,
                trail);
    }

    private RequestRecord.Timing timing() {
        long arrived = exchange.arrivedNanos();
        Long firstToken = firstTokenNanos == 0 ? null : (firstTokenNanos - arrived) / 1000;
        return new RequestRecord.Timing(firstToken, elapsedMicros());
    }

    private static @Nullable String bounded(@Nullable String text, int longest) {
        return text == null || text.length() <= longest ? text : text.substring(0, longest);
    }

    /** Ends an attempt in the record. */
    public interface AttemptLog {
        /** Notes that this is the attempt whose answer the client gets. */
        void serves();

        /**
         * Notes the upstream's status, if any, and {@code answered} or the class of the failure.
         */
        void ended(@Nullable Integer status, String outcome, @Nullable String errorText);
    }
}
