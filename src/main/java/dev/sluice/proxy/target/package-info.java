/**
 * What is known of each place where calls go: how quickly it answers, how often it fails, whether
 * it is open, which of its keys rest, how much room it has. In memory, of fixed size, updated by
 * many threads without locks. It decides nothing: routing reads it, dispatching writes it.
 */
@NullMarked
package dev.sluice.proxy.target;

import org.jspecify.annotations.NullMarked;
