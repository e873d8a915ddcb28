/**
 * Anthropic Messages as clients and upstreams speak it (wire-contract §1.3). Peeks and splices for
 * calls that pass through, readers and writers for those that are translated. Knows nothing of the
 * other dialects.
 */
@NullMarked
package dev.sluice.dialect.anthropic;

import org.jspecify.annotations.NullMarked;
