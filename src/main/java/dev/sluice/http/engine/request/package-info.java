/**
 * One request as it arrives: its target and head are checked, its body is taken within limits, and
 * its end decides what becomes of the connection. It knows no routes and no answers.
 */
@NullMarked
package dev.sluice.http.engine.request;

import org.jspecify.annotations.NullMarked;
