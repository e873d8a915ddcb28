/**
 * What an attempt takes at a target before it is made, and gives back with the truth after it:
 * room, a key, the breaker's leave, a share of the extra calls. It knows what is known of targets,
 * and nothing of requests and answers.
 */
@NullMarked
package dev.sluice.proxy.dispatch.visit;

import org.jspecify.annotations.NullMarked;
