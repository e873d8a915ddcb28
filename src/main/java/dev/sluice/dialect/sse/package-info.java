/**
 * Server-sent events, cut and kept byte for byte (WHATWG HTML, section 9.2). It knows nothing of
 * what an event says.
 */
@NullMarked
package dev.sluice.dialect.sse;

import org.jspecify.annotations.NullMarked;
