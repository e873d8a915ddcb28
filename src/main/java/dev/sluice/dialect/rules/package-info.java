/**
 * What the dialects share, each rule in one place: turns and their pairs of call and result, tool
 * names and ids, seals, data URLs, amounts of reasoning, dense numbering, losses, and errors in any
 * shape. Pure; it knows {@code chat} and JSON, and no protocol's own form.
 */
@NullMarked
package dev.sluice.dialect.rules;

import org.jspecify.annotations.NullMarked;
