/**
 * Calls to upstreams: one pool of connections per event loop, time-outs, cancellation, and the
 * guard that looks at every address before a connection is made to it. It does not retry, follow
 * redirects or know what an upstream is.
 */
@NullMarked
package dev.sluice.http.outbound;

import org.jspecify.annotations.NullMarked;
