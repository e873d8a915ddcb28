/**
 * What a cloud has around its models: service accounts to try things with, token endpoints that
 * check what they are shown as the real ones do, and the tokens that they issue. It knows no
 * dialect.
 */
@NullMarked
package dev.sluice.simulator.cloud;

import org.jspecify.annotations.NullMarked;
