/**
 * {@code /admin/limits}: what is limited for whom, and how things stand. The limits of a subject
 * are set all at once, so that no moment has half of them.
 */
@NullMarked
package dev.sluice.admin.limit;

import org.jspecify.annotations.NullMarked;
