/** Gemini as Google speaks it (wire-contract §1.4), with counting and the list of models. */
@NullMarked
package dev.sluice.simulator.gemini;

import org.jspecify.annotations.NullMarked;
