/**
 * Bodies that clients send to the path of one protocol in words of another (seed-contract-b §1.4).
 * What is meant is made out once, at the door, and told in the protocol of the path; behind it
 * nobody knows that such forms exist. It knows dialects by their interface, and nothing of routes
 * and upstreams.
 */
@NullMarked
package dev.sluice.dialect.loose;

import org.jspecify.annotations.NullMarked;
