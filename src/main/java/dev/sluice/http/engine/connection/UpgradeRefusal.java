package dev.sluice.http.engine.connection;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpRequest;

/**
 * Makes the server ignore {@code Upgrade} (RFC 9110 §7.8 lets it): HTTP/2 without TLS is spoken by
 * prior knowledge only, since an upgrade in the middle of a connection has been a way to smuggle
 * requests. It waits behind the choice of protocol, and takes its place once the HTTP/1.1 codec is
 * there.
 */
final class UpgradeRefusal extends ChannelInboundHandlerAdapter {
    static final String NAME = "upgradeRefusal";
    private static final String CODEC = "httpEncoder";

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        ChannelPipeline pipeline = context.pipeline();
        if (pipeline.get(CODEC) != null) {
            pipeline.addAfter(CODEC, NAME + "Fields", new FieldRemover());
        }
        context.fireChannelRead(bytes);
        pipeline.remove(this);
    }

    private static final class FieldRemover extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            if (message instanceof HttpRequest request) {
                request.headers().remove("upgrade").remove("http2-settings");
            }
            context.fireChannelRead(message);
        }
    }
}
