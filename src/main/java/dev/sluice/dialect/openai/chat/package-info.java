/**
 * OpenAI Chat Completions, as OpenAI speaks it and as the many compatible vendors do (wire-contract
 * §1.1, §1.5). Requests, answers, events and errors in and out; what vendors do differently is
 * accepted from all of them, and asked of one only by its flags.
 */
@NullMarked
package dev.sluice.dialect.openai.chat;

import org.jspecify.annotations.NullMarked;
