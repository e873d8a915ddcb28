/**
 * Counts the input tokens of a request that is not run: asks an upstream that can, else estimates
 * and says so (wire-contract §2.12). A count is a call like others: authenticated, routed,
 * recorded; it costs nothing.
 */
@NullMarked
package dev.sluice.proxy.count;

import org.jspecify.annotations.NullMarked;
