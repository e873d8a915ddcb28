/**
 * Between what a client speaks and what an upstream speaks: the same bytes where both speak one
 * dialect, otherwise the canonical form, and in both cases what went by: usage, output, endings,
 * errors. It knows dialects and candidates; it sends nothing and knows no connection.
 */
@NullMarked
package dev.sluice.proxy.translate;

import org.jspecify.annotations.NullMarked;
