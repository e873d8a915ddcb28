/**
 * The database: pool, transactions, migrations, the places where vendors differ, and the encryption
 * of what is stored. It knows nothing of ours: each resource brings its own SQL.
 */
@NullMarked
package dev.sluice.store;

import org.jspecify.annotations.NullMarked;
