/**
 * The people who use the control plane: who they are, what they may do, and how their passwords are
 * kept. A user belongs to one organization, or to the gateway as a whole. It does not know how
 * people sign in.
 */
@NullMarked
package dev.sluice.admin.user;

import org.jspecify.annotations.NullMarked;
