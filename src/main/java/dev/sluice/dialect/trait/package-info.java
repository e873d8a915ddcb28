/**
 * In what upstreams and models differ from their protocol, as data that operators may overrule. It
 * knows no vendor by name but from its tables, and nothing of bodies.
 */
@NullMarked
package dev.sluice.dialect.trait;

import org.jspecify.annotations.NullMarked;
