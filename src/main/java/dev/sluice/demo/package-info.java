/**
 * What a demo is made of: a private data folder with generated secrets, and the upstream and API
 * key that are set up in it through the control plane's own interface. It knows neither the gateway
 * nor its settings.
 */
@NullMarked
package dev.sluice.demo;

import org.jspecify.annotations.NullMarked;
