/**
 * What may still be spent, what is reserved and what is spent: the counters behind every limit.
 * They live in memory, are rebuilt from what is recorded, and are changed a whole call at a time:
 * in all of its scopes, or in none. It knows limits and amounts, and nothing of prices, requests or
 * clients.
 */
@NullMarked
package dev.sluice.proxy.ledger;

import org.jspecify.annotations.NullMarked;
