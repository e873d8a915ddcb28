/**
 * Asks upstreams which models they serve, in the background and never on a request's way, and tells
 * the router through {@code route.DiscoveredModels}.
 */
@NullMarked
package dev.sluice.proxy.discover;

import org.jspecify.annotations.NullMarked;
