package dev.sluice.catalog;

import java.time.Instant;

/**
 * The value that a key had before it was rotated, which opens it for a while yet.
 *
 * @param weak whether an operator had given that value
 */
public record RetiringKey(KeyDigest digest, Instant until, boolean weak) {}
