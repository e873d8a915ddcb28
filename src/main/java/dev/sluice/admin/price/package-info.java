/** {@code /admin/prices}: what models cost, as the operator says, beside what is shipped. */
@NullMarked
package dev.sluice.admin.price;

import org.jspecify.annotations.NullMarked;
