package dev.sluice.store;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Where the databases differ. Most SQL needs nothing of this: times are epoch microseconds, so that
 * a time bucket is a division of integers; {@code on conflict} is the same in both.
 */
public enum Vendor {
    SQLITE("sqlite"),
    POSTGRESQL("postgresql");

    private final String folder;

    Vendor(String folder) {
        this.folder = folder;
    }

    /** {@return the folder below {@code db/} of the migrations that only this vendor needs} */
    String folder() {
        return folder;
    }

    /**
     * {@return the column types that migrations name by placeholder} SQLite has no exact decimals:
     * as text they stay exact.
     */
    Map<String, String> types() {
        return switch (this) {
            case SQLITE -> Map.of("uuid", "text", "decimal", "text");
            case POSTGRESQL -> Map.of("uuid", "uuid", "decimal", "numeric");
        };
    }

    /** Binds an id, natively where the database has the type. */
    void bind(PreparedStatement to, int at, @Nullable UUID id) throws SQLException {
        switch (this) {
            case SQLITE -> to.setString(at, id == null ? null : id.toString());
            case POSTGRESQL -> to.setObject(at, id, Types.OTHER);
        }
    }

    /** Binds a decimal exactly. */
    void bind(PreparedStatement to, int at, @Nullable BigDecimal decimal) throws SQLException {
        switch (this) {
            case SQLITE -> to.setString(at, decimal == null ? null : decimal.toPlainString());
            case POSTGRESQL -> to.setBigDecimal(at, decimal);
        }
    }
}
