/**
 * The canonical form: what any chat protocol can say. Records and sealed interfaces only, no I/O.
 * It knows the JDK and the JSON tree, and nothing of wires, upstreams or callers.
 */
@NullMarked
package dev.sluice.chat;

import org.jspecify.annotations.NullMarked;
