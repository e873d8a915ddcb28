/** Tests of the HTTP engine over real sockets. */
@NullMarked
package dev.sluice.http;

import org.jspecify.annotations.NullMarked;
