/**
 * How calls to other servers are made, as those who make them see it: a request goes out through
 * {@link dev.sluice.http.client.OutboundClient}, an answer or a failure of a known kind comes back.
 * It does not know how that is done, which is the business of {@code engine} and {@code outbound}.
 */
@NullMarked
package dev.sluice.http.client;

import org.jspecify.annotations.NullMarked;
