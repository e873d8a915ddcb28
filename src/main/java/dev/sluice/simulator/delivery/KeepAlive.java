package dev.sluice.simulator.delivery;

import dev.sluice.http.Exchange;
import dev.sluice.http.ResponseStream;
import dev.sluice.simulator.endpoint.Frame;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Writes something that says nothing every so often, as vendors do while their model thinks: a
 * comment between events, a line break in JSON.
 */
interface KeepAlive {
    KeepAlive NONE =
            new KeepAlive() {
                @Override
                public void start() {}

                @Override
                public void stop() {}
            };

    void start();

    void stop();

    static KeepAlive every(
            long millis, Exchange exchange, ResponseStream stream, boolean eventStream) {
        return new Ticking(
                millis, exchange, stream, Frame.bytes(eventStream ? ": keep-alive\n\n" : "\n"));
    }

    /** Writes until it is stopped. */
    final class Ticking implements KeepAlive {
        private final long millis;
        private final Exchange exchange;
        private final ResponseStream stream;
        private final byte[] nothing;
        private Exchange.@Nullable Timer timer;

        Ticking(long millis, Exchange exchange, ResponseStream stream, byte[] nothing) {
            this.millis = millis;
            this.exchange = exchange;
            this.stream = stream;
            this.nothing = nothing;
        }

        @Override
        public void start() {
            timer =
                    exchange.after(
                            millis,
                            () -> {
                                stream.write(Buffer.buffer(nothing));
                                start();
                            });
        }

        @Override
        public void stop() {
            if (timer != null) {
                timer.cancel();
            }
        }
    }
}
