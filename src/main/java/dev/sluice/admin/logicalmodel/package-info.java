/**
 * Logical models: the names that clients use and the upstreams' models behind them, as operators
 * configure them. It knows nothing of how calls are routed by them.
 */
@NullMarked
package dev.sluice.admin.logicalmodel;

import org.jspecify.annotations.NullMarked;
