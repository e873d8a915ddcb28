package dev.sluice;

import dev.sluice.configuration.Settings;
import dev.sluice.http.HttpLimits;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.http.outbound.UpstreamProtocol;
import java.net.InetAddress;

/** HTTP engines as the settings want them. */
final class Engines {
    private Engines() {}

    static HttpEngine engine(Settings.Server server) {
        HttpLimits standard = HttpLimits.standard();
        HttpLimits limits =
                new HttpLimits(
                        standard.maxInitialLineBytes(),
                        server.maxHeaderBytes(),
                        server.maxBodyBytes(),
                        standard.maxBufferedBodyBytes(),
                        server.maxConnections(),
                        standard.maxHttp2Streams(),
                        standard.maxHttp2ResetsPerSecond(),
                        server.headerTimeout(),
                        server.bodyTimeout(),
                        standard.keepAliveTimeout(),
                        standard.stalledReaderTimeout(),
                        standard.maxUpstreamConnections(),
                        standard.maxUpstreamWaiting(),
                        standard.maxUpstreamHeaderBytes(),
                        standard.upstreamKeepAliveTimeout(),
                        standard.addressCacheTime());
        return new HttpEngine(
                limits, UpstreamProtocol.HTTP_1_1, System::nanoTime, InetAddress::getAllByName);
    }
}
