/**
 * Real, small calls to an upstream, by which an operator sees whether it works. They are no calls
 * of a key: nothing is admitted, counted or recorded.
 */
@NullMarked
package dev.sluice.admin.upstream.probe;

import org.jspecify.annotations.NullMarked;
