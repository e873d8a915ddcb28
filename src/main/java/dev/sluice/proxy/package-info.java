/**
 * The data plane: one package a step, in the order a request meets them. It knows {@code http},
 * {@code dialect}, {@code chat} and {@code catalog}; what it needs of the journal, the cluster and
 * the store it declares itself as interfaces. It never knows {@code admin} or {@code store}.
 */
@NullMarked
package dev.sluice.proxy;

import org.jspecify.annotations.NullMarked;
