package dev.sluice.http.engine;

import dev.sluice.http.HttpLimits;
import dev.sluice.http.engine.connection.ServerCounters;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/** What every exchange of a server needs. */
record ServerParts(
        ServerSetup setup,
        HttpLimits limits,
        ServerCounters counters,
        LongSupplier ticker,
        AtomicBoolean draining) {}
