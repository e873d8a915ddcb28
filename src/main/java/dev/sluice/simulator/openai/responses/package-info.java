/**
 * Responses as OpenAI speaks it (wire-contract §1.2), with what is stored of them and can be asked
 * for later.
 */
@NullMarked
package dev.sluice.simulator.openai.responses;

import org.jspecify.annotations.NullMarked;
