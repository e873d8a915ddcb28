/**
 * The contract: what {@code docs/openapi} says, in one document. Requests are held to it before an
 * operation sees them, and it is served with Swagger UI and ReDoc from the jar. It knows no
 * resource: what a path does is none of its business.
 */
@NullMarked
package dev.sluice.admin.openapi;

import org.jspecify.annotations.NullMarked;
