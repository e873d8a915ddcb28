package dev.sluice.simulator;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a simulator is to be.
 *
 * @param apiKey the one credential that is accepted, or null to ask for none
 * @param strict whether it is as fussy as a provider: unknown models are refused, and calls without
 *     results, and reasoning that another model signed
 * @param sightings how many requests are remembered, credentials and bodies included; 0 for none
 * @param models the names that are listed
 */
public record SimulatorSettings(
        @Nullable String apiKey, boolean strict, int sightings, List<String> models) {

    /** Asks for no key, serves every model, remembers nothing. */
    public static final SimulatorSettings DEFAULT =
            new SimulatorSettings(
                    null, false, 0, List.of("sim-1", "sim-mini", "sim-reasoning", "sim-embedding"));

    public SimulatorSettings withSightings(int capacity) {
        return new SimulatorSettings(apiKey, strict, capacity, models);
    }

    public SimulatorSettings withApiKey(String key) {
        return new SimulatorSettings(key, strict, sightings, models);
    }

    public SimulatorSettings asStrict() {
        return new SimulatorSettings(apiKey, true, sightings, models);
    }
}
