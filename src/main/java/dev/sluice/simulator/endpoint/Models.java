package dev.sluice.simulator.endpoint;

import java.util.List;

/**
 * The models that are listed.
 *
 * @param strict whether a call of any other is refused; otherwise every name is served
 */
public record Models(List<String> names, boolean strict) {

    public boolean serves(String name) {
        return !strict || names.contains(name);
    }
}
