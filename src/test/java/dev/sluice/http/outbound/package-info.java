/** Tests of what leads to an upstream, without any. */
@NullMarked
package dev.sluice.http.outbound;

import org.jspecify.annotations.NullMarked;
