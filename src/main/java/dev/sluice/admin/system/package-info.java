/**
 * Setting a gateway up: its first owner, and its secrets. It says a secret once, in the answer to
 * whoever asked, and never writes one to a log.
 */
@NullMarked
package dev.sluice.admin.system;

import org.jspecify.annotations.NullMarked;
