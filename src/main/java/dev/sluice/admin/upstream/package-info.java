/**
 * The providers' endpoints that calls are sent to: added, changed, taken out of use, and tried.
 * Credentials are stored encrypted, shown masked, and follow no upstream to another host. It knows
 * what a provider's name implies; nothing after it looks a provider up by name again.
 */
@NullMarked
package dev.sluice.admin.upstream;

import org.jspecify.annotations.NullMarked;
