/**
 * The engine's boundary: the only package that knows the HTTP library. Requests come in as {@link
 * dev.sluice.http.Exchange} and find the {@link dev.sluice.http.Route} whose handler answers them;
 * calls go out through {@code client}. The engine is in {@code engine}, the way to upstreams in
 * {@code outbound}. It knows nothing of ours: no keys, no dialects, no upstreams. {@code Future}
 * and {@code Buffer} are the only engine types in its signatures.
 */
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
