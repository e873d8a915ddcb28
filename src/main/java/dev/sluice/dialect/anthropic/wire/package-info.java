/**
 * Single things of Messages that its other packages share: betas, citations, the tool that stands
 * for a format of the answer, reasons of stopping, errors, and what clouds want said otherwise. It
 * knows no other package of the dialect.
 */
@NullMarked
package dev.sluice.dialect.anthropic.wire;

import org.jspecify.annotations.NullMarked;
