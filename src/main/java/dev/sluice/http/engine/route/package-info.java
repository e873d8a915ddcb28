/**
 * Which route a request takes, by its method and path, and what stands for none. It does not know
 * what a route does.
 */
@NullMarked
package dev.sluice.http.engine.route;

import org.jspecify.annotations.NullMarked;
