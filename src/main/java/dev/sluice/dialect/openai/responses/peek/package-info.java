/**
 * Bodies of Responses that pass through: the deciding fields, usage and errors found in one pass
 * without a tree, and bytes changed in place, so as to take out reasoning that another provider has
 * sealed. It knows nothing of the canonical form of requests and answers.
 */
@NullMarked
package dev.sluice.dialect.openai.responses.peek;

import org.jspecify.annotations.NullMarked;
