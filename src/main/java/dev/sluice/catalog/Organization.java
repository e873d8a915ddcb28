package dev.sluice.catalog;

import java.util.UUID;

/** An organization, as far as calls of its keys meet it. */
public record Organization(UUID id, String name, boolean active) {}
