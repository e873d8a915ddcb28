/**
 * Google Gemini, generateContent (wire-contract §1.4): peeking at and changing of bodies that pass
 * through, and translation to and from the canonical form. Model and method stand in the path, and
 * a stream is either events or one JSON array: {@link dev.sluice.dialect.gemini.wire.GeminiPaths}
 * and {@link dev.sluice.dialect.gemini.wire.JsonArrayFraming} know how. It knows {@code chat} and
 * the dialects' shared rules, no other protocol.
 */
@NullMarked
package dev.sluice.dialect.gemini;

import org.jspecify.annotations.NullMarked;
