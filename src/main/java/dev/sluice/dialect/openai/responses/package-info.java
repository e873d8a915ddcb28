/**
 * OpenAI Responses: requests of items, answers of items, and a stream that tells every item from
 * its beginning to its end (wire-contract §1.2). Errors outside of a stream are those of Chat
 * Completions. It keeps no answers: what refers to a stored one is refused when it is translated,
 * and {@link dev.sluice.dialect.openai.responses.StoredResponse} says what an upstream keeps.
 */
@NullMarked
package dev.sluice.dialect.openai.responses;

import org.jspecify.annotations.NullMarked;
