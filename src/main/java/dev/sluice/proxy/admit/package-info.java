/**
 * Whether a call may start, and what it holds while it runs. A {@link dev.sluice.proxy.admit.Lease}
 * is given back with the truth on every path. Plain code over memory; nothing here waits.
 */
@NullMarked
package dev.sluice.proxy.admit;

import org.jspecify.annotations.NullMarked;
