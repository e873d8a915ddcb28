/**
 * AWS's framing of streams, and what Bedrock puts into it: events of the models' own protocol, made
 * into server-sent events here, so that all others read those alone. Pure functions over bytes.
 */
@NullMarked
package dev.sluice.dialect.eventstream;

import org.jspecify.annotations.NullMarked;
