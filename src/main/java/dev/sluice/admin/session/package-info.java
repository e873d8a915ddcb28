/**
 * Signing in and staying so: access, refresh and browser tokens, the sessions behind them, and the
 * way into the control plane. Recognising a token is arithmetic and a look into memory; only
 * beginning, renewing and ending a session needs the database.
 */
@NullMarked
package dev.sluice.admin.session;

import org.jspecify.annotations.NullMarked;
