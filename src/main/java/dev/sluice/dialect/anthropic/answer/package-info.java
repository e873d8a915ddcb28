/**
 * Answers of Anthropic Messages ⇄ {@code chat}, whole and as events: what an upstream answered is
 * read, what a client is answered is written. It may know how requests are read, never the other
 * way about.
 */
@NullMarked
package dev.sluice.dialect.anthropic.answer;

import org.jspecify.annotations.NullMarked;
