/**
 * The catalog in a file, for a start without the database. What encrypts it comes from outside: the
 * catalog knows no store.
 */
@NullMarked
package dev.sluice.catalog.snapshot;

import org.jspecify.annotations.NullMarked;
