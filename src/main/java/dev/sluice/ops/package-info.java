/**
 * What operators and load balancers ask: is it alive, is it ready, what does it count. Everything
 * it says comes in through suppliers; it knows {@code http} and nothing else of ours.
 */
@NullMarked
package dev.sluice.ops;

import org.jspecify.annotations.NullMarked;
