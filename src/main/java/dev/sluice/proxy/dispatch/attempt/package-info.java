/**
 * One try against one upstream: the request as that upstream is to hear it, what came back, and
 * whether that is an answer. An {@link dev.sluice.proxy.dispatch.attempt.Answer} exists only past
 * the commit point, when the upstream has shown output; whatever went wrong before it is an {@link
 * dev.sluice.proxy.dispatch.attempt.AttemptFailed} with its class. It knows URLs, credentials and
 * wire formats, and neither plans nor other attempts.
 */
@NullMarked
package dev.sluice.proxy.dispatch.attempt;

import org.jspecify.annotations.NullMarked;
