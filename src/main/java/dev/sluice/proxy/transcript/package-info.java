/**
 * What was said in sessions, for those who ask for it to be kept: snippets in memory, bounded in
 * size, count and time. It knows calls by what passes them, and nothing of routes.
 */
@NullMarked
package dev.sluice.proxy.transcript;

import org.jspecify.annotations.NullMarked;
