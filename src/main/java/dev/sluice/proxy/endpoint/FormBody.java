package dev.sluice.proxy.endpoint;

import dev.sluice.http.BodyStream;
import dev.sluice.http.Exchange;
import dev.sluice.http.HttpFailure;
import dev.sluice.proxy.call.Upload;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A form on its way: held until its {@code model} is known, and from then on only watched. Belongs
 * to the exchange's event loop.
 */
final class FormBody implements Upload {
    private final Exchange exchange;
    private final Boundary boundary;
    private final FormScanner scanner;
    private final BodyStream source;
    private final long declared;
    private final int mostHeld;
    private final List<Buffer> held = new ArrayList<>();
    private final Promise<FormBody> readable = Promise.promise();
    private LongConsumer whenWhole = _ -> {};
    private @Nullable FormStream reader;
    private @Nullable Throwable failure;
    private long received;
    private boolean isFlowing;
    private boolean isPastHeld;
    private boolean ended;

    /**
     * @param declared the length that the client announced, or -1
     * @param mostHeld how many bytes may stand before the {@code model}
     */
    FormBody(Exchange exchange, Boundary boundary, long declared, int mostHeld) {
        this.exchange = exchange;
        this.boundary = boundary;
        this.scanner = new FormScanner(boundary);
        this.source = exchange.bodyStream();
        this.declared = declared;
        this.mostHeld = mostHeld;
    }

    /** {@return this, once its model is known, or once it has ended without} */
    Future<FormBody> read() {
        source.onData(this::take).onEnd(this::end).onFailure(this::fail);
        source.resume();
        return readable.future();
    }

    /** Calls back with the form's size once all of it has arrived. */
    void whenWhole(LongConsumer callback) {
        whenWhole = callback;
    }

    @Nullable String model() {
        FormScanner.Field model = scanner.model();
        return model == null || model.value().isBlank() ? null : model.value();
    }

    boolean stream() {
        return scanner.stream();
    }

    /** Ends the reading for that reason. */
    void fail(Throwable reason) {
        if (failure != null || ended) {
            return;
        }
        failure = reason;
        source.pause();
        readable.tryFail(reason);
        FormStream current = reader;
        if (current != null) {
            current.changed();
        }
    }

    /** Nobody will ask for it again. */
    void release() {
        held.clear();
    }

    @Override
    public BodyStream open(@Nullable String model) {
        pause();
        isFlowing = false;
        FormStream opened = new FormStream(this, naming(model), isPastHeld ? spent() : null);
        reader = opened;
        return opened;
    }

    @Override
    public long length(@Nullable String model) {
        long known = ended ? received : declared;
        return known < 0 ? -1 : known + lengthening(model);
    }

    @Override
    public long bytes() {
        return Math.max(received, declared);
    }

    @Override
    public boolean canBeSentAgain() {
        return !isPastHeld;
    }

    boolean isRead(FormStream by) {
        return reader == by;
    }

    @Nullable Throwable failure() {
        return failure;
    }

    boolean hasEnded() {
        return ended;
    }

    /** What is held has been sent: the rest goes on as it arrives. */
    void flow() {
        isFlowing = true;
        source.resume();
    }

    void pause() {
        if (isFlowing) {
            source.pause();
        }
    }

    private void take(Buffer piece) {
        if (failure != null) {
            return;
        }
        received += piece.length();
        try {
            scanner.feed(piece.getBytes());
            // Whoever begins to read once this piece is held finds it there.
            FormStream current = reader;
            isPastHeld |= isFlowing;
            if (!isPastHeld) {
                hold(piece);
            }
            if (current != null) {
                current.data(piece);
            }
        } catch (HttpFailure refused) {
            fail(refused);
        }
    }

    private void hold(Buffer piece) {
        if (received > mostHeld) {
            throw new HttpFailure(
                    400,
                    "model_not_first",
                    "More than "
                            + (mostHeld >> 20)
                            + " MiB stand before the field 'model': put it before the files.");
        }
        exchange.hold(piece.length());
        held.add(piece);
        if (scanner.model() != null) {
            source.pause();
            readable.tryComplete(this);
        }
    }

    private void end() {
        try {
            scanner.end();
        } catch (HttpFailure refused) {
            fail(refused);
            return;
        }
        ended = true;
        whenWhole.accept(received);
        readable.tryComplete(this);
        FormStream current = reader;
        if (current != null) {
            current.changed();
        }
    }

    private static HttpFailure spent() {
        return new HttpFailure(
                503,
                "upload_spent",
                "The upstream failed while the request's body was on its way; send the request"
                        + " again.");
    }

    /** What is held, with that model in its place. */
    private List<Buffer> naming(@Nullable String name) {
        if (name == null) {
            return List.copyOf(held);
        }
        List<Buffer> pieces = new ArrayList<>(held.size() + 2);
        FormScanner.Field model = scanner.model();
        if (model == null) {
            pieces.add(Buffer.buffer(boundary.field("model", name)));
            pieces.addAll(held);
            return pieces;
        }
        long start = 0;
        for (Buffer piece : held) {
            long end = start + piece.length();
            addSlice(pieces, piece, 0, model.start() - start);
            if (start <= model.start() && model.start() < end) {
                pieces.add(Buffer.buffer(name));
            }
            addSlice(pieces, piece, model.end() - start, piece.length());
            start = end;
        }
        return pieces;
    }

    private static void addSlice(List<Buffer> pieces, Buffer piece, long from, long to) {
        int first = Math.clamp(from, 0, piece.length());
        int last = Math.clamp(to, 0, piece.length());
        if (first < last) {
            pieces.add(piece.slice(first, last));
        }
    }

    private long lengthening(@Nullable String name) {
        if (name == null) {
            return 0;
        }
        FormScanner.Field model = scanner.model();
        return model == null
                ? boundary.field("model", name).length
                : Buffer.buffer(name).length() - (model.end() - model.start());
    }
}
