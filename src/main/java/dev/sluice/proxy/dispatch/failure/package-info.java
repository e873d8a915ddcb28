/**
 * What failures of upstreams mean: the one home of what is known about providers' errors, and what
 * they say of waiting. It knows errors that have been read already, and neither HTTP nor how a call
 * goes on.
 */
@NullMarked
package dev.sluice.proxy.dispatch.failure;

import org.jspecify.annotations.NullMarked;
