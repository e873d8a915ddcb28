/**
 * Tasks other than chat, and the forms with files in which some of them come. A form is read only
 * as far as its {@code model}, and goes on as it arrives. It knows nothing of what the files hold.
 */
@NullMarked
package dev.sluice.proxy.endpoint;

import org.jspecify.annotations.NullMarked;
