/**
 * What a call used, and what is written about it. A {@link dev.sluice.proxy.account.RequestRecord}
 * leaves through a {@link dev.sluice.proxy.account.RequestSink}, which the journal implements;
 * nothing here knows where it goes.
 */
@NullMarked
package dev.sluice.proxy.account;

import org.jspecify.annotations.NullMarked;
