/**
 * What routing remembers between calls: measurements and where sessions went. In memory here; the
 * interface leaves room for an implementation that several nodes share, and says what may then be
 * out of date.
 */
@NullMarked
package dev.sluice.proxy.route.memory;

import org.jspecify.annotations.NullMarked;
