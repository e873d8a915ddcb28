/**
 * A provider that answers without a provider: all four dialects and the other endpoints, the same
 * bytes for the same request, with delays and faults on demand. {@link
 * dev.sluice.simulator.Simulator} is the list of its routes. What is to be said is worked out once
 * in {@code script}; each dialect's package only puts it in its own words; {@code delivery} sends
 * it, well or badly. It knows nothing of gateways, keys of ours, catalogs or proxies.
 */
@NullMarked
package dev.sluice.simulator;

import org.jspecify.annotations.NullMarked;
