/**
 * Media in {@code data:} URLs, read and written without a further copy. It knows no protocol's own
 * form.
 */
@NullMarked
package dev.sluice.dialect.rules.media;

import org.jspecify.annotations.NullMarked;
