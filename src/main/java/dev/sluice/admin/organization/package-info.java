/** {@code /admin/organizations}: who shares keys, users and budgets. */
@NullMarked
package dev.sluice.admin.organization;

import org.jspecify.annotations.NullMarked;
