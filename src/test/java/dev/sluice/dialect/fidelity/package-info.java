/**
 * What becomes of everything that a client can say at an upstream of another dialect, found out by
 * trying it, and the page that shows it. Knows the dialects from outside only.
 */
@NullMarked
package dev.sluice.dialect.fidelity;

import org.jspecify.annotations.NullMarked;
