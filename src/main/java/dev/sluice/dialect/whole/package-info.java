/**
 * Whole answers and streams of events, each told as the other, for upstreams and clients that want
 * different ones. It knows the canonical form alone, and no protocol.
 */
@NullMarked
package dev.sluice.dialect.whole;

import org.jspecify.annotations.NullMarked;
