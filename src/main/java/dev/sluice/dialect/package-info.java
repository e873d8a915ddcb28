/**
 * A wire protocol ⇄ {@code chat}: pure functions over bytes and records, the same file names in
 * every dialect's package. It knows {@code chat} only: no I/O, no keys, no upstreams.
 */
@NullMarked
package dev.sluice.dialect;

import org.jspecify.annotations.NullMarked;
