/**
 * The models that a key may use, told in the shape of whoever asks: OpenAI's, Anthropic's or
 * Gemini's (wire-contract §1). It knows the router, which says what a key may use.
 */
@NullMarked
package dev.sluice.proxy.listing;

import org.jspecify.annotations.NullMarked;
