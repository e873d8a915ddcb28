/**
 * Which addresses are whose: ranges, the rules by which an address may be called, and the proxies
 * whose word about their clients counts. Pure; it opens no connection and resolves no name.
 */
@NullMarked
package dev.sluice.http.address;

import org.jspecify.annotations.NullMarked;
