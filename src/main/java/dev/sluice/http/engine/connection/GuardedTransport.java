package dev.sluice.http.engine.connection;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.vertx.core.impl.transports.NioTransport;
import io.vertx.core.transport.Transport;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Java's own sockets, with a {@link ConnectionGuard} on each connection that is accepted. */
public final class GuardedTransport implements Transport {
    private final NioTransport implementation;

    public GuardedTransport(Supplier<ConnectionGuard> guards) {
        this.implementation =
                new NioTransport() {
                    @Override
                    public ChannelFactory<? extends ServerChannel> serverChannelFactory(
                            boolean domainSocket) {
                        return () -> new GuardedServerChannel(guards);
                    }
                };
    }

    @Override
    public String name() {
        return "nio-guarded";
    }

    @Override
    public boolean available() {
        return true;
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
        return null;
    }

    @Override
    public io.vertx.core.spi.transport.Transport implementation() {
        return implementation;
    }

    private static final class GuardedServerChannel extends NioServerSocketChannel {
        private final Supplier<ConnectionGuard> guards;

        GuardedServerChannel(Supplier<ConnectionGuard> guards) {
            this.guards = guards;
        }

        @Override
        protected int doReadMessages(List<Object> accepted) throws Exception {
            int before = accepted.size();
            int read = super.doReadMessages(accepted);
            for (Object channel : accepted.subList(before, accepted.size())) {
                ((Channel) channel).pipeline().addLast("guard", guards.get());
            }
            return read;
        }
    }
}
