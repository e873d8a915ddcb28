/**
 * What is found in a body that passes through, and what is changed in it: places, not trees. Data
 * only; how each protocol finds it is the business of its own {@code peek}.
 */
@NullMarked
package dev.sluice.dialect.peek;

import org.jspecify.annotations.NullMarked;
