/**
 * What calls cost: prices as operators configure them or as they are shipped, and exact amounts of
 * money. It knows upstreams and models by name only, and nothing of what was used.
 */
@NullMarked
package dev.sluice.catalog.price;

import org.jspecify.annotations.NullMarked;
