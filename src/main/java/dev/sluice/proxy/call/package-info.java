/**
 * One call from its opening to its single record: what is known of it so far, what it holds, what
 * must be done if its client leaves or the gateway stops. Every step of the journey writes into it;
 * none reads another step's notes from it.
 */
@NullMarked
package dev.sluice.proxy.call;

import org.jspecify.annotations.NullMarked;
