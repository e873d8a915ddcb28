package dev.sluice.catalog;

import org.jspecify.annotations.Nullable;

/**
 * A model that an upstream serves.
 *
 * @param id as the upstream spells it
 * @param json the entry of the upstream's own list as JSON text, unknown fields and all, or null
 */
public record UpstreamModel(String id, @Nullable String json) {}
