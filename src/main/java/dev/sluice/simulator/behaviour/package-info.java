/**
 * How a simulated answer is to go wrong or slowly: the little language of the {@code x-simulate}
 * header and of a model name's suffix, and the counting that decides which calls are hit. It knows
 * no dialect and sends nothing.
 */
@NullMarked
package dev.sluice.simulator.behaviour;

import org.jspecify.annotations.NullMarked;
