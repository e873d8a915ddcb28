/**
 * The keys that are handed out: made, listed, changed and revoked. A key's text is seen once, in
 * the answer that creates it; what stays is its HMAC digest, and a bcrypt hash that a worker adds.
 * It does not know how calls are authenticated.
 */
@NullMarked
package dev.sluice.admin.apikey;

import org.jspecify.annotations.NullMarked;
