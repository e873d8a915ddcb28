/**
 * What a simulated model answers, before any dialect has put it in its own words: an {@link
 * dev.sluice.simulator.script.Ask} becomes a {@link dev.sluice.simulator.script.Script}, always the
 * same one. It knows no wire format.
 */
@NullMarked
package dev.sluice.simulator.script;

import org.jspecify.annotations.NullMarked;
