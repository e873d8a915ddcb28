/**
 * Walks a plan: has candidates tried in order until one has begun to answer with output. Before
 * that failover is free; after it, never, so an {@link dev.sluice.proxy.dispatch.attempt.Answer}
 * exists only past that point. It knows what may be tried again, how often and until when, and
 * nothing of URLs, wire formats or how an answer reaches the client.
 */
@NullMarked
package dev.sluice.proxy.dispatch;

import org.jspecify.annotations.NullMarked;
