/**
 * How a log record becomes a line: one record, one line, whatever a client put into what is logged.
 * It knows the logging library and nothing of ours.
 */
@NullMarked
package dev.sluice.logging;

import org.jspecify.annotations.NullMarked;
