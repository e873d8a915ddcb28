/**
 * Answers that come packed are unpacked piece by piece, no further than their reader takes them. It
 * knows content codings, and no calls.
 */
@NullMarked
package dev.sluice.http.outbound.unpack;

import org.jspecify.annotations.NullMarked;
