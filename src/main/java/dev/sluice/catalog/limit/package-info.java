/**
 * What is limited, for whom, and over which time. Values only: who counts, and what happens to a
 * call that does not fit, is decided elsewhere.
 */
@NullMarked
package dev.sluice.catalog.limit;

import org.jspecify.annotations.NullMarked;
