/**
 * JSON for the dialects: bounded parsing, the deciding fields of a body with their places, splicing
 * of bytes, and JSON Schema as each provider takes it. It knows nothing of any protocol.
 */
@NullMarked
package dev.sluice.dialect.json;

import org.jspecify.annotations.NullMarked;
