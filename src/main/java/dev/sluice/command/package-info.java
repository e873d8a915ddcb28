/**
 * The commands, one class each: they read settings, start what {@link dev.sluice.command.Programs}
 * gives them, say what a person must know, and wait. They know nothing of how a gateway is built.
 */
@NullMarked
package dev.sluice.command;

import org.jspecify.annotations.NullMarked;
