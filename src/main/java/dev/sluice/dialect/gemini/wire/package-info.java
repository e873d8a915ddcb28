/**
 * Single things of Gemini that its other packages share: paths, names in either spelling, base64,
 * media, ids of calls, reasons of stopping, errors, and the JSON array that a stream may be. It
 * knows no other package of the dialect.
 */
@NullMarked
package dev.sluice.dialect.gemini.wire;

import org.jspecify.annotations.NullMarked;
