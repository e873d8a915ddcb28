/**
 * What operators configured: keys, upstreams, and later logical models, prices and organizations,
 * as one immutable snapshot with a persistent key index, swapped whole by {@link
 * dev.sluice.catalog.Catalogs}. It knows the protocols of {@code chat}, and neither SQL nor HTTP.
 */
@NullMarked
package dev.sluice.catalog;

import org.jspecify.annotations.NullMarked;
