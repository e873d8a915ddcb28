/**
 * Keeps in the database what upstreams keep between calls, so that it survives a restart. It
 * decides nothing: {@code proxy.state} does.
 */
@NullMarked
package dev.sluice.admin.state;

import org.jspecify.annotations.NullMarked;
