/**
 * Access tokens for upstreams whose key is an account of a cloud: fetched when they are first
 * needed, kept in memory, renewed long before they end. Knows accounts and token endpoints, and
 * nothing of plans, models or dialects; {@link dev.sluice.proxy.cloud.AccessTokens} is all that
 * others use.
 */
@NullMarked
package dev.sluice.proxy.cloud;

import org.jspecify.annotations.NullMarked;
