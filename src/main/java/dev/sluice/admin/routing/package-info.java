/**
 * What operators see of routing: where a call would go and why, how upstreams fare, where sessions
 * are bound. It reads the data plane's memory and keeps nothing itself.
 */
@NullMarked
package dev.sluice.admin.routing;

import org.jspecify.annotations.NullMarked;
