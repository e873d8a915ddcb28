package dev.sluice.admin.upstream;

import dev.sluice.catalog.Upstream;
import dev.sluice.store.Encryption;
import java.time.Duration;

/**
 * What is not said of each upstream: under which key its credentials are stored, and which
 * time-outs it has where it names none.
 */
public record UpstreamKeeping(Encryption encryption, Upstream.Timeouts timeouts) {

    /** A plain answer of a model that thinks long has no byte before it is whole. */
    public static final Upstream.Timeouts STANDARD =
            new Upstream.Timeouts(
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(2));

    /** With the usual time-outs. */
    public UpstreamKeeping(Encryption encryption) {
        this(encryption, STANDARD);
    }
}
