/**
 * What the dialects share, each rule in one place: turns and their pairs of call and result, fields
 * of a request and of its extras, seals, amounts of reasoning, cache marks, losses; below it, those
 * for tools, for media, and for bodies that pass through. Pure; it knows {@code chat} and JSON, and
 * no protocol's own form.
 */
@NullMarked
package dev.sluice.dialect.rules;

import org.jspecify.annotations.NullMarked;
