/**
 * Bodies of Gemini that pass through: the deciding fields, usage and errors found in one pass
 * without a tree, and bytes changed in place, so as to take out signatures that another provider
 * has made and ids that a vendor refuses. It knows nothing of the canonical form of requests and
 * answers.
 */
@NullMarked
package dev.sluice.dialect.gemini.peek;

import org.jspecify.annotations.NullMarked;
