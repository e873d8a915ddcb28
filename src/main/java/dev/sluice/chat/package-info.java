/**
 * The canonical form: what any chat protocol can say. Records and sealed interfaces only, no I/O.
 * It knows the JDK and the JSON tree, and nothing of wires, upstreams or callers.
 *
 * <p>A {@link ChatRequest} is messages of {@link Part}s, tools and options; a {@link ChatAnswer} is
 * choices of the same parts; a stream is a sequence of {@link ChatEvent}s. What a protocol says
 * that no other can goes along as {@link Extras} and {@code Foreign}, with its origin; what cannot
 * be told to an upstream is a {@link Loss}, with how grave it is and the client's own name of it.
 */
@NullMarked
package dev.sluice.chat;

import org.jspecify.annotations.NullMarked;
