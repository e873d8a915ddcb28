package dev.sluice.proxy.dispatch.visit;

import dev.sluice.http.Exchange;
import dev.sluice.proxy.target.ConcurrencyGate;
import dev.sluice.proxy.target.ConcurrencyGate.Place;
import dev.sluice.proxy.target.ConcurrencyGate.Room;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One call's wait for room at an upstream. Belongs to the exchange's event loop. */
public final class Waiting {
    private final ConcurrencyGate gate;
    private final Exchange exchange;
    private final Promise<Optional<Room>> outcome = Promise.promise();
    private @Nullable Place place;
    private boolean isItsTurn;

    public Waiting(ConcurrencyGate gate, Exchange exchange) {
        this.gate = gate;
        this.exchange = exchange;
    }

    /**
     * {@return room, or none if there was none in time or too many wait already}
     *
     * @param caller whose calls take turns with others'
     */
    public Future<Optional<Room>> start(UUID caller, Duration atMost) {
        Place taken = gate.queue(caller, () -> exchange.run(this::turn));
        if (taken == null) {
            return Future.succeededFuture(Optional.empty());
        }
        place = taken;
        if (isItsTurn) {
            end();
        }
        Exchange.Timer late = exchange.after(atMost.toMillis(), this::end);
        Future<Optional<Room>> waited = outcome.future();
        nextSecond();
        return waited.onComplete(_ -> late.cancel());
    }

    /** Ends the wait with whatever there is. */
    public void end() {
        Place waiting = place;
        if (waiting != null && !outcome.future().isComplete()) {
            Room room = gate.leaveQueue(waiting);
            outcome.tryComplete(Optional.ofNullable(room));
        }
    }

    private void turn() {
        isItsTurn = true;
        end();
    }

    /** Where calls a second are limited, time alone makes room. */
    private void nextSecond() {
        if (!outcome.future().isComplete()) {
            exchange.after(
                    gate.millisToNextSecond(),
                    () -> {
                        gate.admitWaiting();
                        nextSecond();
                    });
        }
    }
}
