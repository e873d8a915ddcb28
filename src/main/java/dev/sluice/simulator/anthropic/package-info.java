/** Messages as Anthropic speaks them (wire-contract §1.3), with counting and the list of models. */
@NullMarked
package dev.sluice.simulator.anthropic;

import org.jspecify.annotations.NullMarked;
