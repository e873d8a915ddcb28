/**
 * What upstreams keep between calls (stored responses, conversations, files): who owns it and which
 * upstream made it. All tenants share the operator's account there, so an id that is unknown or
 * another's is refused. Memory decides; a store behind an interface keeps it across restarts.
 */
@NullMarked
package dev.sluice.proxy.state;

import org.jspecify.annotations.NullMarked;
