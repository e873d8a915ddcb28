/**
 * What calls have used, as the database knows it: the ledger's memory across restarts. Records that
 * are too old to be kept leave their sums behind. It knows SQL and the ledger's interface, and
 * nothing of HTTP.
 */
@NullMarked
package dev.sluice.admin.spend;

import org.jspecify.annotations.NullMarked;
