/**
 * Rules for tools that several protocols share: ids of calls that are legal everywhere, and tools
 * of free text for upstreams that know functions alone. It knows no protocol's own form.
 */
@NullMarked
package dev.sluice.dialect.rules.tool;

import org.jspecify.annotations.NullMarked;
