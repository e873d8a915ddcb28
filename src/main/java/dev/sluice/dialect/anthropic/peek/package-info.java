/**
 * Bodies of Messages that pass through: the deciding fields, usage and errors found in one pass
 * without a tree, and bytes changed in place, so as to take out thinking that another provider has
 * signed and cache marks that a vendor does not know. It knows nothing of the canonical form of
 * requests and answers.
 */
@NullMarked
package dev.sluice.dialect.anthropic.peek;

import org.jspecify.annotations.NullMarked;
