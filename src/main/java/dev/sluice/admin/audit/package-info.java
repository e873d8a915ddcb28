/**
 * Who changed what in the control plane, and from where. A note is written in the transaction of
 * its change: there is none without the other. Nothing updates or deletes one.
 */
@NullMarked
package dev.sluice.admin.audit;

import org.jspecify.annotations.NullMarked;
