package dev.sluice.http.engine;

import dev.sluice.http.CrossOrigin;
import dev.sluice.http.Renderer;
import dev.sluice.http.Route;
import dev.sluice.http.address.TrustedProxies;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * What a server serves.
 *
 * @param ids gives each request its own; UUIDv7
 */
public record ServerSetup(
        List<Route> routes,
        Renderer renderer,
        CrossOrigin crossOrigin,
        TrustedProxies trustedProxies,
        Supplier<UUID> ids) {
    public ServerSetup {
        routes = List.copyOf(routes);
    }
}
