package dev.sluice.store;

import java.math.BigDecimal;
import java.sql.Types;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.AbstractArgumentFactory;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.config.ConfigRegistry;

/**
 * How our types lie in columns: instants as UTC epoch microseconds, UUIDs natively where the
 * database has them and as text elsewhere, decimals exactly.
 */
final class ColumnTypes {
    private ColumnTypes() {}

    static void register(Jdbi jdbi, Vendor vendor) {
        jdbi.registerArgument(new InstantArgument());
        jdbi.registerColumnMapper(
                Instant.class,
                (row, column, _) -> {
                    long micros = row.getLong(column);
                    return row.wasNull() ? null : instant(micros);
                });
        jdbi.registerColumnMapper(
                UUID.class,
                (row, column, _) -> {
                    String text = row.getString(column);
                    return text == null ? null : UUID.fromString(text);
                });
        jdbi.registerArgument(new UuidArgument(vendor));
        jdbi.registerArgument(new DecimalArgument(vendor));
        if (vendor == Vendor.SQLITE) {
            jdbi.registerColumnMapper(
                    BigDecimal.class,
                    (row, column, _) -> {
                        String text = row.getString(column);
                        return text == null ? null : new BigDecimal(text);
                    });
        }
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    private static final class InstantArgument extends AbstractArgumentFactory<Instant> {
        InstantArgument() {
            super(Types.BIGINT);
        }

        @Override
        protected Argument build(Instant value, ConfigRegistry config) {
            return (position, statement, _) -> statement.setLong(position, micros(value));
        }
    }

    /** Also for null, which PostgreSQL does not take as text in a column of UUIDs. */
    private static final class UuidArgument extends AbstractArgumentFactory<UUID> {
        private final Vendor vendor;

        UuidArgument(Vendor vendor) {
            super(Types.OTHER);
            this.vendor = vendor;
        }

        @Override
        protected Argument build(UUID value, ConfigRegistry config) {
            return (position, statement, _) -> vendor.bind(statement, position, value);
        }
    }

    private static final class DecimalArgument extends AbstractArgumentFactory<BigDecimal> {
        private final Vendor vendor;

        DecimalArgument(Vendor vendor) {
            super(Types.NUMERIC);
            this.vendor = vendor;
        }

        @Override
        protected Argument build(BigDecimal value, ConfigRegistry config) {
            return (position, statement, _) -> vendor.bind(statement, position, value);
        }
    }
}
