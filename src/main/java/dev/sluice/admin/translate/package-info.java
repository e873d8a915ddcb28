/**
 * A rehearsal of translation for operators: what of a request would reach each upstream. It sends
 * nothing and keeps nothing.
 */
@NullMarked
package dev.sluice.admin.translate;

import org.jspecify.annotations.NullMarked;
