/**
 * What the gateway holds at one moment, as metrics: a figure is read from its owner when it is
 * asked for, and nothing is counted here. It knows the owners, and changes none of them;
 * docs/operation.md names every figure.
 */
@NullMarked
package dev.sluice.gauge;

import org.jspecify.annotations.NullMarked;
