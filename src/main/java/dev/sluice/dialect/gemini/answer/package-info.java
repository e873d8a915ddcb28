/**
 * Answers of Gemini ⇄ {@code chat}, whole and as events: what an upstream answered is read, what a
 * client is answered is written. It may know how requests are read, never the other way about.
 */
@NullMarked
package dev.sluice.dialect.gemini.answer;

import org.jspecify.annotations.NullMarked;
