package dev.sluice.http.engine.connection;

import dev.sluice.http.HttpLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.AttributeKey;
import io.netty.util.concurrent.ScheduledFuture;
import io.vertx.core.http.impl.tcp.Http1xOrH2CHandler;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sits before everything else on a client's connection, TLS included, and closes it when it never
 * becomes a request: nothing sent, a handshake or a head that trickles in (slowloris), an idle
 * keep-alive; and when a client has stopped reading its answer. The engine itself looks at a
 * connection only once its first bytes have come. It closes from where it sits, since a close that
 * the engine sees would first wait for what is still to be written.
 */
public final class ConnectionGuard extends ChannelInboundHandlerAdapter {
    private static final AttributeKey<ConnectionGuard> KEY =
            AttributeKey.valueOf(ConnectionGuard.class.getName());

    private final HttpLimits limits;
    private final ServerCounters counters;
    private final LongSupplier ticker;
    private @Nullable ChannelHandlerContext self;
    private @Nullable ScheduledFuture<?> timer;
    private long timerNanos;
    private long dueNanos;
    private long lastProgress;
    private int openExchanges;
    private boolean counted;
    private boolean awaitsFirstByte;
    private boolean headBegun;
    private boolean multiplexed;
    private boolean closing;

    public ConnectionGuard(HttpLimits limits, ServerCounters counters, LongSupplier ticker) {
        this.limits = limits;
        this.counters = counters;
        this.ticker = ticker;
    }

    /** {@return the guard that sits on that channel} */
    public static @Nullable ConnectionGuard of(Channel channel) {
        return channel.attr(KEY).get();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        if (!counters.connectionOpened(limits.maxConnections())) {
            var _ = context.channel().close();
            return;
        }
        counted = true;
        self = context;
        context.channel().attr(KEY).set(this);
        due(context, limits.headerTimeout());
        context.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (counted) {
            counted = false;
            counters.connectionClosed();
        }
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
        context.fireChannelInactive();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        ChannelHandlerContext choice = context.pipeline().context(Http1xOrH2CHandler.class);
        if (choice != null && context.pipeline().get(UpgradeRefusal.class) == null) {
            context.pipeline().addAfter(choice.name(), UpgradeRefusal.NAME, new UpgradeRefusal());
        }
        if (awaitsFirstByte && openExchanges == 0 && !multiplexed) {
            awaitsFirstByte = false;
            headBegun = true;
        }
        context.fireChannelRead(bytes);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        if (headBegun) {
            headBegun = false;
            if (openExchanges == 0) {
                due(context, limits.headerTimeout());
            }
        }
        context.fireChannelReadComplete();
    }

    /** A request's head is whole. */
    public void requestArrived(boolean http2) {
        multiplexed = http2;
        awaitsFirstByte = false;
        openExchanges++;
    }

    /** A request has been answered, or its client has left. */
    public void exchangeEnded() {
        if (--openExchanges == 0 && self != null && self.channel().isActive()) {
            awaitsFirstByte = true;
            due(self, limits.keepAliveTimeout());
        }
    }

    /** No further request is taken from this connection, whatever stands there already. */
    public void closing() {
        closing = true;
    }

    public boolean isClosing() {
        return closing;
    }

    private void due(ChannelHandlerContext context, Duration after) {
        long now = ticker.getAsLong();
        dueNanos = now + after.toNanos();
        if (timer == null || timerNanos - dueNanos > 0) {
            schedule(context, dueNanos - now);
        }
    }

    private void schedule(ChannelHandlerContext context, long nanos) {
        if (timer != null) {
            timer.cancel(false);
        }
        timerNanos = ticker.getAsLong() + nanos;
        timer =
                context.channel()
                        .eventLoop()
                        .schedule(() -> look(context), Math.max(0, nanos), TimeUnit.NANOSECONDS);
    }

    private void look(ChannelHandlerContext context) {
        timer = null;
        if (!context.channel().isActive()) {
            return;
        }
        if (openExchanges > 0) {
            lookAtReader(context);
            return;
        }
        long left = dueNanos - ticker.getAsLong();
        if (left > 0) {
            schedule(context, left);
            return;
        }
        var _ = context.close();
    }

    /** Closes when nothing of what waits to be written has left since the last look. */
    private void lookAtReader(ChannelHandlerContext context) {
        ChannelOutboundBuffer waiting = context.channel().unsafe().outboundBuffer();
        if (waiting == null || waiting.totalPendingWriteBytes() == 0) {
            lastProgress = -1;
        } else {
            long progress =
                    Objects.hash(
                            System.identityHashCode(waiting.current()),
                            waiting.currentProgress(),
                            waiting.totalPendingWriteBytes());
            if (progress == lastProgress) {
                var _ = context.close();
                return;
            }
            lastProgress = progress;
        }
        schedule(context, limits.stalledReaderTimeout().toNanos());
    }
}
