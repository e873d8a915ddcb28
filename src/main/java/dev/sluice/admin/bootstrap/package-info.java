/**
 * How a gateway comes by its configuration: from the database, or, while that is away, from the
 * last snapshot, and then from the database as soon as it is back. It knows all resources that the
 * catalog is made of, and no HTTP.
 */
@NullMarked
package dev.sluice.admin.bootstrap;

import org.jspecify.annotations.NullMarked;
