/**
 * Takes a request in, has it answered, and sends the answer: at the pace and with the faults that
 * were asked for, noticing when the client leaves. It knows no dialect: what an answer or an error
 * says comes from an {@link dev.sluice.simulator.endpoint.Endpoint}.
 */
@NullMarked
package dev.sluice.simulator.delivery;

import org.jspecify.annotations.NullMarked;
