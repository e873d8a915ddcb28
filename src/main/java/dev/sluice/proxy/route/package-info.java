/**
 * Where a call may go: the ordered candidates for a model, each with its reason. Plain code over
 * the catalogue; nothing here waits or calls.
 */
@NullMarked
package dev.sluice.proxy.route;

import org.jspecify.annotations.NullMarked;
