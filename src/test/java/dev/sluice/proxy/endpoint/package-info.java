@NullMarked
package dev.sluice.proxy.endpoint;

import org.jspecify.annotations.NullMarked;
