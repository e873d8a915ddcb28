package dev.sluice.http.outbound.unpack;

import dev.sluice.http.BodyStream;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundFailure.Kind;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * A packed body, unpacked in small pieces and no further than its reader takes them: however much a
 * few bytes unpack to, only those bytes and one piece are held.
 */
public final class UnpackedBody implements BodyStream {
    private static final int PIECE = 32 * 1024;

    private final BodyStream packed;
    private final Unpacking unpacking;
    private final Consumer<Throwable> cut;
    private @Nullable Consumer<Buffer> onData;
    private @Nullable Runnable onEnd;
    private @Nullable Consumer<Throwable> onFailure;
    private boolean paused = true;
    private boolean packedEnded;
    private boolean pumping;
    private boolean over;

    /**
     * @param cut ends the call for a reason
     */
    public UnpackedBody(BodyStream packed, Unpacking unpacking, Consumer<Throwable> cut) {
        this.packed = packed;
        this.unpacking = unpacking;
        this.cut = cut;
    }

    @Override
    public BodyStream onData(Consumer<Buffer> consumer) {
        onData = consumer;
        packed.onData(this::arrived);
        return this;
    }

    @Override
    public BodyStream onEnd(Runnable callback) {
        onEnd = callback;
        packed.onEnd(this::packedEnded);
        return this;
    }

    @Override
    public BodyStream onFailure(Consumer<Throwable> callback) {
        onFailure = callback;
        packed.onFailure(this::failed);
        return this;
    }

    @Override
    public void pause() {
        paused = true;
        packed.pause();
    }

    @Override
    public void resume() {
        paused = false;
        pump();
        if (!paused && !over) {
            packed.resume();
        }
    }

    private void arrived(Buffer bytes) {
        if (!over) {
            unpacking.feed(bytes.getBytes());
            pump();
        }
    }

    private void packedEnded() {
        packedEnded = true;
        pump();
    }

    /** A reader may pause and resume while it is given a piece. */
    private void pump() {
        if (pumping) {
            return;
        }
        pumping = true;
        try {
            unpack();
        } catch (DataFormatException broken) {
            OutboundFailure reason =
                    new OutboundFailure(Kind.PROTOCOL, "The answer's packing is broken");
            failed(reason);
            cut.accept(reason);
        } finally {
            pumping = false;
        }
    }

    private void unpack() throws DataFormatException {
        byte[] piece = new byte[PIECE];
        while (!paused && !over) {
            int length = unpacking.next(piece);
            if (length == 0) {
                break;
            }
            if (onData != null) {
                onData.accept(Buffer.buffer(length).appendBytes(piece, 0, length));
            }
        }
        if (packedEnded && !paused && !over) {
            ended();
        }
    }

    private void ended() {
        over = true;
        boolean whole = unpacking.isWhole();
        unpacking.close();
        if (whole && onEnd != null) {
            onEnd.run();
        } else if (!whole && onFailure != null) {
            onFailure.accept(
                    new OutboundFailure(Kind.BROKEN, "The packed answer ended before its end"));
        }
    }

    private void failed(Throwable reason) {
        if (over) {
            return;
        }
        over = true;
        unpacking.close();
        if (onFailure != null) {
            onFailure.accept(reason);
        }
    }
}
