package dev.sluice.proxy.route;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;

/**
 * One place where a call may go.
 *
 * @param model the id by which this upstream knows the model
 * @param protocol in which it would be called
 * @param reason why it stands here, compact
 */
public record Candidate(Upstream upstream, String model, Protocol protocol, String reason) {}
