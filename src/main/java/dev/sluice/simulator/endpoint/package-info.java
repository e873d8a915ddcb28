/**
 * What an endpoint of the simulator is: a request in, an answer or a refusal out, before anything
 * is sent. It knows no dialect and no connection.
 */
@NullMarked
package dev.sluice.simulator.endpoint;

import org.jspecify.annotations.NullMarked;
