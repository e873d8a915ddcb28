/**
 * Requests of Chat Completions ⇄ {@code chat}: what a client sent is read, what an upstream is sent
 * is written, and each reader stands beside its writer. It knows nothing of answers.
 */
@NullMarked
package dev.sluice.dialect.openai.chat.request;

import org.jspecify.annotations.NullMarked;
