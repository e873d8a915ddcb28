/**
 * Walks a plan: tries candidates in order until one has begun to answer with output. Before that
 * failover is free; after it, never, so an {@link dev.sluice.proxy.dispatch.Answer} exists only
 * past that point. It knows URLs, credentials and failures of upstreams, and nothing of how an
 * answer reaches the client.
 */
@NullMarked
package dev.sluice.proxy.dispatch;

import org.jspecify.annotations.NullMarked;
