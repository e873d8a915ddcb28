/**
 * The official Java clients of the four protocols behind one interface, so that one test can be
 * asked of all of them.
 */
@NullMarked
package dev.sluice.sdk;

import org.jspecify.annotations.NullMarked;
