/**
 * Rules for bodies that pass through, which several protocols share: deciding fields, roles that
 * instruct, ids of what an upstream keeps, and errors in any shape. They work on bytes and build no
 * request.
 */
@NullMarked
package dev.sluice.dialect.rules.peek;

import org.jspecify.annotations.NullMarked;
