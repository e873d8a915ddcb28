/**
 * Connections of clients: how many there may be, how long one may stay silent, what is counted of
 * them, and the files that TLS needs. It does not know what is asked over them.
 */
@NullMarked
package dev.sluice.http.engine.connection;

import org.jspecify.annotations.NullMarked;
