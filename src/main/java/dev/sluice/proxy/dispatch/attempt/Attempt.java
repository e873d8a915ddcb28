package dev.sluice.proxy.dispatch.attempt;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.anthropic.wire.AnthropicPlatform;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.client.OutboundAnswer;
import dev.sluice.http.client.OutboundCall;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.proxy.cloud.NoAccessToken;
import dev.sluice.proxy.dispatch.failure.Echo;
import dev.sluice.proxy.dispatch.failure.FailureClass;
import dev.sluice.proxy.dispatch.failure.FailureClassifier;
import dev.sluice.proxy.dispatch.failure.RetryAfter;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.translate.EventTap;
import dev.sluice.proxy.translate.Translation;
import dev.sluice.proxy.translate.Translation.Rewritten;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * One try against one candidate. It succeeds at the commit point: when the upstream has proved
 * output, or a stream has been alive without any for {@code commitAfter}. Belongs to the exchange's
 * event loop, and dies with the try.
 */
public final class Attempt {
    private static final int LARGEST_ERROR = 256 * 1024;

    /** A stream that has said so much without any output is committed as one that is alive. */
    private static final int LARGEST_HELD = 256 * 1024;

    private static final int LARGEST_PEEKED_ANSWER = 1 << 20;
    private static final int LARGEST_TRANSLATED_ANSWER = 32 << 20;
    private static final List<String> MEDIA =
            List.of("audio/", "image/", "video/", "application/octet-stream");

    private final Candidate candidate;
    private final Translation translation;
    private final Dialect dialect;
    private final Exchange exchange;
    private final Patience patience;
    private final FailureClassifier classifier = new FailureClassifier();
    private final Echo echo;
    private final Promise<Answer> outcome = Promise.promise();
    private @Nullable OutboundCall call;
    private Answer.@Nullable Streamed streamed;
    private Exchange.@Nullable Timer deadline;

    /**
     * How long and how large things may be.
     *
     * @param commitAfter how long a stream may be alive without output before its status is
     *     committed all the same
     * @param deadline until an answer must have begun, whoever gives it, where the model says none
     * @param largestOnLoop what is larger, in bytes, is translated on a worker
     */
    public record Limits(Duration commitAfter, Duration deadline, int largestOnLoop) {}

    /**
     * How long one attempt may take.
     *
     * @param total until there must be output
     * @param clock tells what a date in an answer means
     */
    public record Patience(Limits limits, Duration total, Clock clock) {}

    public Attempt(Candidate candidate, Outgoing outgoing, Exchange exchange, Patience patience) {
        this.candidate = candidate;
        this.translation = outgoing.translation();
        this.echo = new Echo(outgoing.request());
        this.dialect = translation.upstream();
        this.exchange = exchange;
        this.patience = patience;
    }

    /** {@return the answer at its commit point; fails with {@link AttemptFailed}} */
    public Future<Answer> start(OutboundCall sent, boolean wantsStream) {
        this.call = sent;
        startDeadline(sent);
        sent.answer()
                .onSuccess(answer ->
                        guarded(() ->
                                begun(sent, DecodedAnswer.of(answer.unpacked()), wantsStream)))
                .onFailure(this::fail);
        return outcome.future().onComplete(_ -> stopDeadline());
    }

    /** Stops the upstream and fails the attempt with that. */
    public void abandon(Throwable reason) {
        outcome.tryFail(reason);
        OutboundCall sent = call;
        if (sent != null) {
            sent.cancel();
        }
    }

    private void begun(OutboundCall sent, OutboundAnswer answer, boolean wantsStream) {
        if (answer.status() >= 300) {
            answer.bodyUpTo(LARGEST_ERROR)
                    .onSuccess(body -> fail(said(answer, body.getBytes())))
                    .onFailure(_ -> fail(said(answer, new byte[0])));
            return;
        }
        FirstBytes first = new FirstBytes(answer.body());
        if (wantsStream && saysEventStream(answer)) {
            commitIfAlive(() -> stream(sent, answer, first.takeOver()));
        }
        first.read()
                .onSuccess(held -> guarded(() -> begun(sent, answer, held, wantsStream)))
                .onFailure(this::fail);
    }

    /** After a while a stream that is alive is committed, with output or without. */
    private void commitIfAlive(Runnable withoutAnyByte) {
        Exchange.Timer alive =
                exchange.after(
                        patience.limits().commitAfter().toMillis(),
                        () -> {
                            if (streamed == null) {
                                withoutAnyByte.run();
                            }
                            outcome.tryComplete(streamed);
                        });
        outcome.future().onComplete(_ -> alive.cancel());
    }

    private void begun(
            OutboundCall sent, OutboundAnswer answer, HeldBody.Held first, boolean wantsStream) {
        if (first.isWhole()) {
            held(answer, first, mustRewrite(wantsStream));
        } else if (isEventStream(answer, first.bytes())) {
            if (wantsStream || translation.isTask()) {
                stream(sent, answer, first.bytes());
            } else {
                gather(answer, first.bytes());
            }
        } else if (translation.isTask() && isMedia(answer)) {
            outcome.tryComplete(
                    new Answer.Relayed(answer.status(), answer.headers(), first.bytes(), answer));
        } else {
            whole(answer, first.bytes(), mustRewrite(wantsStream));
        }
    }

    /** Sound and the like is heard as it comes, and says nothing that the gateway must know. */
    private static boolean isMedia(OutboundAnswer answer) {
        String type = answer.headers().get("content-type");
        return type != null && MEDIA.stream().anyMatch(type.toLowerCase(Locale.ROOT)::startsWith);
    }

    private boolean mustRewrite(boolean wantsStream) {
        return !translation.isPassing() || (wantsStream && !translation.isTask());
    }

    private AttemptFailed said(OutboundAnswer answer, byte[] body) {
        UpstreamError error = waiting(answer, dialect.readError(answer.status(), body));
        FailureClass failureClass = classifier.classify(error, candidate.upstream(), echo);
        return translation.isPassing() && isInItsWords(body)
                ? AttemptFailed.said(
                        failureClass,
                        error,
                        new AttemptFailed.Spoken(answer.status(), answer.headers(), body))
                : AttemptFailed.broken(failureClass, error);
    }

    /** A cloud may say an error in its own words, which are not the protocol's. */
    private boolean isInItsWords(byte[] body) {
        return candidate.protocol() != Protocol.ANTHROPIC
                || AnthropicPlatform.named(candidate.upstream().capabilities().platform())
                        .saysErrorsAsItself(body);
    }

    private UpstreamError waiting(OutboundAnswer answer, UpstreamError error) {
        Headers headers = answer.headers();
        Long millis =
                RetryAfter.millis(
                        headers.get("retry-after-ms"),
                        headers.get("retry-after"),
                        error,
                        patience.clock().instant());
        return new UpstreamError(
                error.status(), error.type(), error.code(), error.message(), error.param(), millis);
    }

    /**
     * By content rather than by header, which some servers get wrong: an answer in JSON or HTML is
     * no stream.
     */
    private static boolean isEventStream(OutboundAnswer answer, Buffer first) {
        boolean said = saysEventStream(answer);
        for (int i = 0; i < first.length(); i++) {
            byte b = first.getByte(i);
            if (!Character.isWhitespace(b)) {
                return said ? b != '{' && b != '[' && b != '<' : b == 'd' || b == 'e' || b == ':';
            }
        }
        return said;
    }

    private static boolean saysEventStream(OutboundAnswer answer) {
        String type = answer.headers().get("content-type");
        return type != null && type.toLowerCase(Locale.ROOT).contains("event-stream");
    }

    private void stream(OutboundCall sent, OutboundAnswer answer, Buffer first) {
        EventTap tap = translation.tap(this::forClient);
        EventSource source = new EventSource(sent, answer, tap);
        Headers headers =
                translation.keepsStreamType()
                        ? answer.headers()
                        : answer.headers().with("content-type", translation.streamType());
        Answer.Streamed begun = new Answer.Streamed(answer.status(), headers, source);
        streamed = begun;
        source.start(first, () -> progress(source, begun));
    }

    private void progress(EventSource source, Answer.Streamed begun) {
        EventTap tap = source.tap();
        UpstreamError error = tap.error();
        if (error != null && !tap.hasOutput()) {
            source.cancel();
            fail(inside(error));
        } else if (tap.hasOutput()
                || (source.hasEnded() && tap.mayEnd())
                || source.heldBytes() > LARGEST_HELD) {
            outcome.tryComplete(begun);
        } else if (source.failure() != null) {
            fail(source.failure());
        } else if (source.hasEnded()) {
            fail(without("The upstream ended its stream before any output."));
        }
    }

    private void whole(OutboundAnswer answer, Buffer first, boolean rewrites) {
        new HeldBody(answer, first, rewrites ? LARGEST_TRANSLATED_ANSWER : LARGEST_PEEKED_ANSWER)
                .read()
                .onSuccess(held -> guarded(() -> held(answer, held, rewrites)))
                .onFailure(this::fail);
    }

    private void held(OutboundAnswer answer, HeldBody.Held held, boolean rewrites) {
        if (!rewrites) {
            passing(answer, held);
        } else if (!held.isWhole()) {
            fail(tooLarge());
        } else {
            rewrite(answer, held.bytes(), () -> translation.whole(held.bytes().getBytes()));
        }
    }

    private void passing(OutboundAnswer answer, HeldBody.Held held) {
        if (!held.isWhole()) {
            outcome.tryComplete(
                    new Answer.Relayed(answer.status(), answer.headers(), held.bytes(), answer));
            return;
        }
        AnswerPeek peek = dialect.peekAnswer(held.bytes().getBytes());
        if (peek.error() != null) {
            fail(inside(peek.error()));
        } else {
            outcome.tryComplete(
                    new Answer.Whole(answer.status(), answer.headers(), held.bytes(), peek));
        }
    }

    /** A stream that nobody asked for becomes the whole answer that somebody did. */
    private void gather(OutboundAnswer answer, Buffer first) {
        new HeldBody(answer, first, LARGEST_TRANSLATED_ANSWER)
                .read()
                .onSuccess(held ->
                        guarded(() -> {
                            if (held.isWhole()) {
                                rewrite(
                                        answer,
                                        held.bytes(),
                                        () -> translation.gathered(held.bytes().getBytes()));
                            } else {
                                fail(tooLarge());
                            }
                        }))
                .onFailure(this::fail);
    }

    /** What takes longer than about a millisecond leaves the loop. */
    private void rewrite(OutboundAnswer answer, Buffer said, Callable<Rewritten> rewriting) {
        if (said.length() > patience.limits().largestOnLoop()) {
            exchange.onWorker(rewriting)
                    .onSuccess(rewritten -> rewritten(answer, rewritten))
                    .onFailure(this::abandon);
            return;
        }
        try {
            rewritten(answer, rewriting.call());
        } catch (Exception failure) {
            abandon(failure);
        }
    }

    private void rewritten(OutboundAnswer answer, Rewritten rewritten) {
        UpstreamError error = rewritten.peek().error();
        if (error != null) {
            fail(inside(error));
            return;
        }
        outcome.tryComplete(
                new Answer.Whole(
                        answer.status(),
                        answer.headers().with("content-type", translation.answerType()),
                        Buffer.buffer(rewritten.body()),
                        rewritten.peek()));
    }

    private static AttemptFailed tooLarge() {
        return without(
                "The upstream's answer has more than "
                        + (LARGEST_TRANSLATED_ANSWER >> 20)
                        + " MiB, which cannot be translated.");
    }

    private ChatError forClient(UpstreamError error) {
        return ClientErrors.of(classifier.classify(error, candidate.upstream(), echo), error);
    }

    private AttemptFailed inside(UpstreamError error) {
        return AttemptFailed.broken(classifier.classify(error, candidate.upstream(), echo), error);
    }

    private static AttemptFailed without(String message) {
        return AttemptFailed.broken(
                FailureClass.TRANSIENT, new UpstreamError(0, null, null, message, null, null));
    }

    private void startDeadline(OutboundCall sent) {
        Duration total = patience.total();
        deadline =
                exchange.after(
                        total.toMillis(),
                        () -> {
                            fail(
                                    new OutboundFailure(
                                            OutboundFailure.Kind.FIRST_BYTE_TIMEOUT,
                                            "No output within " + seconds(total) + " s."));
                            sent.cancel();
                        });
    }

    private static String seconds(Duration duration) {
        return duration.toMillisPart() == 0
                ? Long.toString(duration.toSeconds())
                : Double.toString(duration.toMillis() / 1000.0);
    }

    private void stopDeadline() {
        Exchange.Timer timer = deadline;
        if (timer != null) {
            timer.cancel();
        }
    }

    /** A reader that throws must fail the attempt, not hang it. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException failure) {
            abandon(failure);
        }
    }

    /** Nobody wants the rest of its answer any more. */
    private void fail(Throwable failure) {
        outcome.tryFail(
                switch (failure) {
                    case OutboundFailure silent -> AttemptFailed.silent(silent);
                    case NoAccessToken none -> AttemptFailed.without(none);
                    default -> failure;
                });
        OutboundCall sent = call;
        if (sent != null) {
            sent.cancel();
        }
    }
}
