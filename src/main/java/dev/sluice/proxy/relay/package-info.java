/**
 * Brings an answer to the client: bytes, pings, back-pressure, and the ending. The answer's last
 * bytes wait for its record. It does not fail for an ending that the client has already seen.
 */
@NullMarked
package dev.sluice.proxy.relay;

import org.jspecify.annotations.NullMarked;
