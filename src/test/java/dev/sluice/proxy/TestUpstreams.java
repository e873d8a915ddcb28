package dev.sluice.proxy;

import dev.sluice.catalog.Capabilities;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.Upstream.Limits;
import dev.sluice.catalog.Upstream.Paths;
import dev.sluice.catalog.Upstream.Preference;
import dev.sluice.catalog.Upstream.Timeouts;
import dev.sluice.chat.Protocol;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Upstreams that nobody calls. */
public final class TestUpstreams {
    public static final Upstream FIRST = named("first", new UUID(7, 1));
    public static final Upstream SECOND = named("second", new UUID(7, 2));

    private TestUpstreams() {}

    private static Upstream named(String name, UUID id) {
        Duration minute = Duration.ofMinutes(1);
        return new Upstream(
                id,
                name,
                "openai",
                List.of(Protocol.OPENAI_CHAT),
                URI.create("http://127.0.0.1:9"),
                Paths.STANDARD,
                List.of(),
                List.of(),
                false,
                null,
                false,
                new Timeouts(minute, minute, minute, minute),
                Preference.NEUTRAL,
                Limits.NONE,
                Map.of(),
                Set.of(),
                Capabilities.STANDARD,
                true);
    }
}
