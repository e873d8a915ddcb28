/**
 * Handlers that are ready to be used: such as may block, and such as serve files. They know
 * exchanges, and nothing of the engine.
 */
@NullMarked
package dev.sluice.http.handler;

import org.jspecify.annotations.NullMarked;
