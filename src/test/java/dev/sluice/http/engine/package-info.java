/** Tests of what needs no socket. */
@NullMarked
package dev.sluice.http.engine;

import org.jspecify.annotations.NullMarked;
