/**
 * Credentials of several parts, as clouds hand them out in a JSON file: a service account with its
 * private key, an application with its secret, an access key. None of them is ever sent to an
 * upstream; with them access tokens are fetched, or requests signed. And where clouds have the
 * endpoints of the models that they serve. Knows what such a file must say, and nothing of how it
 * is used.
 */
@NullMarked
package dev.sluice.catalog.cloud;

import org.jspecify.annotations.NullMarked;
