/**
 * The control plane: one package a resource, each with its REST operations, its SQL and its rules.
 * Here is what they share: how an operation meets HTTP, the shapes of lists and errors, and how the
 * catalog is read from the database. Every change goes to the database first, then into the {@link
 * dev.sluice.catalog.Catalogs}, and only then is answered. Plain blocking code on virtual threads;
 * who may use an operation is decided by whoever builds the {@link dev.sluice.admin.AdminGate}.
 */
@NullMarked
package dev.sluice.admin;

import org.jspecify.annotations.NullMarked;
