/**
 * Single things of Chat Completions that its other packages share: reasoning in its many spellings,
 * reasons of stopping, and errors. It knows no other package of the dialect.
 */
@NullMarked
package dev.sluice.dialect.openai.chat.wire;

import org.jspecify.annotations.NullMarked;
