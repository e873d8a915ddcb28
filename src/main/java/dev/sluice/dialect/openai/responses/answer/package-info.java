/**
 * Answers of Responses ⇄ {@code chat}, whole and as events: what an upstream answered is read, what
 * a client is answered is written. An answer repeats its request, so that it knows how requests are
 * written.
 */
@NullMarked
package dev.sluice.dialect.openai.responses.answer;

import org.jspecify.annotations.NullMarked;
