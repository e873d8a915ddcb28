package dev.sluice.proxy.account;

import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is counted of calls. Labels come from closed sets only: protocols, endings, faults, kinds of
 * token; never keys, models or paths.
 */
public final class Metrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofMillis(2500),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofSeconds(120),
        Duration.ofSeconds(300)
    };

    private final MeterRegistry registry;
    private final ConcurrentHashMap<Labels, Meters> meters = new ConcurrentHashMap<>();
    private final Counter inputTokens;
    private final Counter outputTokens;
    private final Counter cacheReadTokens;
    private final Counter reasoningTokens;
    private final Counter estimatedTokens;
    private final Counter withoutUsage;
    private final Counter attempts;

    private record Labels(@Nullable Protocol protocol, Ending ending, @Nullable Fault fault) {}

    private record Meters(Counter calls, Timer duration, Timer firstToken) {}

    public Metrics(MeterRegistry registry) {
        this.registry = registry;
        this.inputTokens = tokens("input");
        this.outputTokens = tokens("output");
        this.cacheReadTokens = tokens("cache_read");
        this.reasoningTokens = tokens("reasoning");
        this.estimatedTokens = tokens("estimated");
        this.withoutUsage =
                Counter.builder("sluice.calls.without.usage")
                        .description("Completed calls whose upstream reported no usage")
                        .register(registry);
        this.attempts =
                Counter.builder("sluice.attempts")
                        .description("Calls made to upstreams, failovers included")
                        .register(registry);
    }

    /** Counts a call that has been closed. */
    public void count(RequestRecord record) {
        Meters counted =
                meters.computeIfAbsent(
                        new Labels(
                                record.asked().protocol(),
                                record.outcome().ending(),
                                record.outcome().fault()),
                        this::register);
        counted.calls().increment();
        counted.duration().record(record.timing().durationMicros(), TimeUnit.MICROSECONDS);
        Long firstToken = record.timing().firstTokenMicros();
        if (firstToken != null) {
            counted.firstToken().record(firstToken, TimeUnit.MICROSECONDS);
        }
        attempts.increment(record.attempts().size());
        count(record.usage(), record.outcome().ending());
    }

    private void count(Usage usage, Ending ending) {
        switch (usage.origin()) {
            case PROVIDER -> {
                inputTokens.increment((double) usage.inputTotal());
                outputTokens.increment((double) usage.outputTotal());
                cacheReadTokens.increment((double) usage.cacheRead());
                reasoningTokens.increment((double) usage.reasoning());
            }
            case ESTIMATED -> {
                estimatedTokens.increment((double) usage.total());
                withoutUsage.increment();
            }
            case NONE -> {
                if (ending == Ending.COMPLETED) {
                    withoutUsage.increment();
                }
            }
        }
    }

    private Counter tokens(String kind) {
        return Counter.builder("sluice.tokens")
                .description("Tokens by kind; cache reads are part of input, reasoning of output")
                .tag("kind", kind)
                .register(registry);
    }

    private Meters register(Labels labels) {
        String protocol = labels.protocol() == null ? "none" : labels.protocol().wireName();
        String ending = labels.ending().wireName();
        String fault = labels.fault() == null ? "none" : labels.fault().wireName();
        return new Meters(
                Counter.builder("sluice.calls")
                        .description("Calls by how they ended and whose fault that was")
                        .tags("protocol", protocol, "ending", ending, "fault", fault)
                        .register(registry),
                timer("sluice.call.duration", "Duration of calls", protocol, ending),
                timer("sluice.first.token", "Time to the first output", protocol, ending));
    }

    private Timer timer(String name, String description, String protocol, String ending) {
        return Timer.builder(name)
                .description(description)
                .tags("protocol", protocol, "ending", ending)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }
}
