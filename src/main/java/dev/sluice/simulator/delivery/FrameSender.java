package dev.sluice.simulator.delivery;

import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.http.ResponseStream;
import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.behaviour.Drip;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Frame.Kind;
import dev.sluice.simulator.endpoint.Refusal;
import io.vertx.core.buffer.Buffer;
import java.util.Arrays;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Sends an answer event by event: paced, dripping, until it is whole or the fault that was asked
 * for strikes. Waits on timers and for the client to read; holds no thread. Lives on the exchange's
 * loop.
 */
final class FrameSender {
    /** Lets what was written leave before the connection is cut. */
    private static final int CUT_MILLIS = 20;

    /** What is written in one turn of the loop before the stream can say that it is full. */
    private static final int TURN_BYTES = 64 << 10;

    private final Exchange exchange;
    private final Sightings sightings;
    private final Sighting sighting;
    private final Answer answer;
    private final Behaviour behaviour;
    private final Iterator<Frame> frames;
    private final FrameShape shape;
    private final FaultPoints faults;
    private final long paceMillis;
    private final @Nullable Drip drip;

    private KeepAlive keepAlive = KeepAlive.NONE;
    private Exchange.@Nullable Timer timer;
    private @Nullable Frame next;
    private boolean over;
    private boolean waiting;
    private int turnBytes;
    private int sent;
    private int preamble = -1;

    FrameSender(Exchange exchange, Sightings sightings, Sighting sighting, Answer answer) {
        this.exchange = exchange;
        this.sightings = sightings;
        this.sighting = sighting;
        this.answer = answer;
        this.behaviour = answer.behaviour();
        this.frames = FrameShape.frames(answer);
        this.shape = new FrameShape(answer);
        this.faults = new FaultPoints(answer);
        this.paceMillis = behaviour.duration(Directive.PACE).toMillis();
        this.drip = behaviour.drip();
    }

    void begin(Headers headers) {
        ResponseStream begun = exchange.begin(200, headers);
        exchange.onClientGone(this::stop);
        keepAlive = keepAlive(begun);
        long wait = behaviour.duration(Directive.FIRST).toMillis();
        if (wait == 0) {
            pump(begun);
            return;
        }
        keepAlive.start();
        later(
                wait,
                () -> {
                    keepAlive.stop();
                    pump(begun);
                });
    }

    private KeepAlive keepAlive(ResponseStream stream) {
        long everyMillis = behaviour.duration(Directive.KEEP_ALIVE).toMillis();
        boolean compressed = behaviour.has(Directive.GZIP);
        return everyMillis == 0 || compressed
                ? KeepAlive.NONE
                : KeepAlive.every(everyMillis, exchange, stream, answer.isEventStream());
    }

    private void pump(ResponseStream to) {
        while (!over && !mustWait(to)) {
            Frame frame = peek();
            if (strikes(to)) {
                return;
            }
            if (frame == null) {
                end(to, new byte[0]);
                return;
            }
            next = null;
            if (!faults.leaveOut(frame.kind()) && !goesOnAfter(to, frame)) {
                return;
            }
        }
    }

    /** Sends the frame. {@return whether the next one may follow at once} */
    private boolean goesOnAfter(ResponseStream to, Frame frame) {
        sent++;
        byte[] bytes = shape.bytes(frame);
        if (drip != null) {
            trickle(to, drip, bytes, 0);
            return false;
        }
        to.write(Buffer.buffer(bytes));
        turnBytes += bytes.length;
        sighting.sent(sent);
        if (paceMillis > 0) {
            later(paceMillis, () -> pump(to));
            return false;
        }
        return true;
    }

    /**
     * {@return whether the client has to read first, or what was written in this turn to leave}
     * Goes on by itself.
     */
    private boolean mustWait(ResponseStream to) {
        if (to.isFull()) {
            waiting = true;
            to.onDrain(() -> drained(to));
            return true;
        }
        if (turnBytes >= TURN_BYTES) {
            turnBytes = 0;
            later(1, () -> pump(to));
            return true;
        }
        return false;
    }

    private void drained(ResponseStream to) {
        if (waiting) {
            waiting = false;
            turnBytes = 0;
            pump(to);
        }
    }

    private @Nullable Frame peek() {
        if (next == null && frames.hasNext()) {
            next = frames.next();
        }
        if (preamble < 0 && (next == null || next.kind() != Kind.PREAMBLE)) {
            preamble = sent;
        }
        return next;
    }

    /** {@return whether a fault ends or halts the stream before that frame} */
    private boolean strikes(ResponseStream to) {
        switch (faults.after(sent, preamble)) {
            case NOTHING -> {
                return false;
            }
            case CUT -> {
                over = true;
                exchange.after(CUT_MILLIS, () -> cut(to));
            }
            case END -> end(to, new byte[0]);
            case ERROR -> end(to, error());
            case STALL -> keepAlive.start();
        }
        return true;
    }

    private byte[] error() {
        Refusal refusal = Refusal.simulated(behaviour.count(Directive.ERROR, 500));
        String vendor = behaviour.text(Directive.ERROR_SHAPE, "dialect");
        return shape.lines(VendorErrors.event(vendor, answer, refusal, sent));
    }

    private void trickle(ResponseStream to, Drip tap, byte[] bytes, int from) {
        if (over) {
            return;
        }
        int until = Math.min(bytes.length, from + tap.bytes());
        to.write(Buffer.buffer(Arrays.copyOfRange(bytes, from, until)));
        boolean whole = until == bytes.length;
        if (whole) {
            sighting.sent(sent);
        }
        later(
                tap.every().toMillis(),
                whole ? () -> pump(to) : () -> trickle(to, tap, bytes, until));
    }

    private void later(long millis, Runnable task) {
        timer = exchange.after(millis, task);
    }

    private void end(ResponseStream to, byte[] last) {
        over = true;
        to.end(Buffer.buffer(shape.last(last)))
                .onSuccess(_ -> sightings.ended(sighting, Sighting.Outcome.ANSWERED))
                .onFailure(_ -> sightings.ended(sighting, Sighting.Outcome.CLIENT_LEFT));
    }

    private void cut(ResponseStream to) {
        sightings.ended(sighting, Sighting.Outcome.CUT);
        to.abort();
    }

    private void stop() {
        over = true;
        keepAlive.stop();
        if (timer != null) {
            timer.cancel();
        }
    }
}
