/**
 * The record of every call: imported from the journal, searched by operators, deleted when it is
 * old. It never sees a call in progress, and holds no bodies and no secrets.
 */
@NullMarked
package dev.sluice.admin.log;

import org.jspecify.annotations.NullMarked;
