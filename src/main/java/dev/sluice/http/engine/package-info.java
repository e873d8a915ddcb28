/**
 * The server's side of the engine: accepting connections, checking requests, finding their route,
 * and the {@link dev.sluice.http.Exchange} that a handler sees. {@link
 * dev.sluice.http.engine.HttpEngine} owns the event loops for both sides. It does not know what any
 * handler does.
 */
@NullMarked
package dev.sluice.http.engine;

import org.jspecify.annotations.NullMarked;
