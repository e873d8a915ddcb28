package dev.sluice.proxy.target;

import java.util.UUID;

/** One model at one upstream. */
public record TargetId(UUID upstreamId, String model) {}
