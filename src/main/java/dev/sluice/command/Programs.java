package dev.sluice.command;

import dev.sluice.Service;
import dev.sluice.configuration.Settings;

/**
 * What the commands can start.
 *
 * @param gateway from settings
 * @param simulator at a host and port; port 0 takes a free one
 */
public record Programs(Starter<Settings> gateway, Starter<Address> simulator) {

    /** Starts something; throws what an operator should read when it cannot. */
    @FunctionalInterface
    public interface Starter<T> {
        Service start(T how) throws Exception;
    }

    /** Where to listen. */
    public record Address(String host, int port) {}
}
