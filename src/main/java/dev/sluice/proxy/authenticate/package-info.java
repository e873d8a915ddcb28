/**
 * Who asks. Credentials are read from every place that clients put them, looked up in the
 * catalogue, and become one {@link dev.sluice.proxy.authenticate.Caller} or a refusal. Nothing here
 * waits, and nothing here knows what is asked.
 */
@NullMarked
package dev.sluice.proxy.authenticate;

import org.jspecify.annotations.NullMarked;
