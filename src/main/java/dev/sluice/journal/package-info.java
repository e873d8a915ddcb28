/**
 * What must not be lost, on disk before anything else: framed, checksummed entries in mapped
 * segments, imported into the database in order and once. It implements {@code
 * proxy.account.RequestSink} and knows no SQL: rows are written by a {@link
 * dev.sluice.journal.RecordImport} that the control plane provides.
 */
@NullMarked
package dev.sluice.journal;

import org.jspecify.annotations.NullMarked;
