/**
 * Single things of Responses that its other packages share: tools in a namespace, reasoning,
 * reasons of stopping, numbered events, and errors. It knows no other package of the dialect.
 */
@NullMarked
package dev.sluice.dialect.openai.responses.wire;

import org.jspecify.annotations.NullMarked;
