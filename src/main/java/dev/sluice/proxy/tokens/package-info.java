/**
 * How many tokens a text has, roughly, where nobody says: bounded in time, whatever the text. What
 * comes of it is an estimate and is marked as one wherever it is kept. It knows texts and JSON, and
 * nothing of calls, prices or limits.
 */
@NullMarked
package dev.sluice.proxy.tokens;

import org.jspecify.annotations.NullMarked;
