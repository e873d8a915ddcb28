/**
 * Puts the places that can serve a call in order: what speaks for and against each, and which of
 * them goes first under a strategy. Plain arithmetic over what is measured; the same request and
 * the same state give the same order.
 */
@NullMarked
package dev.sluice.proxy.route.rank;

import org.jspecify.annotations.NullMarked;
