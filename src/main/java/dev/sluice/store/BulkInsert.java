package dev.sluice.store;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Inserts rows by the thousand: JDBC alone, since looking up how to bind each value of each row
 * costs more than binding it. A row whose key is already there is left as it is.
 *
 * @param <R> what a row is made of
 */
public final class BulkInsert<R> {
    private final List<Column<R>> columns;
    private final String sql;

    /** A column and how its value is bound. The names become part of the SQL: constants only. */
    public record Column<R>(String name, Binding<R> binding) {

        public static <R> Column<R> text(String name, Function<R, @Nullable String> value) {
            return new Column<>(name, (to, at, _, row) -> to.setString(at, value.apply(row)));
        }

        public static <R> Column<R> uuid(String name, Function<R, @Nullable UUID> value) {
            return new Column<>(
                    name, (to, at, vendor, row) -> vendor.bind(to, at, value.apply(row)));
        }

        public static <R> Column<R> decimal(String name, Function<R, @Nullable BigDecimal> value) {
            return new Column<>(
                    name, (to, at, vendor, row) -> vendor.bind(to, at, value.apply(row)));
        }

        public static <R> Column<R> instant(String name, Function<R, Instant> value) {
            return number(name, row -> ColumnTypes.micros(value.apply(row)));
        }

        public static <R> Column<R> number(String name, ToLongFunction<R> value) {
            return new Column<>(name, (to, at, _, row) -> to.setLong(at, value.applyAsLong(row)));
        }

        public static <R> Column<R> numberIfAny(String name, Function<R, @Nullable Long> value) {
            return new Column<>(
                    name,
                    (to, at, _, row) -> {
                        Long number = value.apply(row);
                        if (number == null) {
                            to.setNull(at, Types.BIGINT);
                        } else {
                            to.setLong(at, number);
                        }
                    });
        }

        public static <R> Column<R> flag(String name, Predicate<R> value) {
            return new Column<>(name, (to, at, _, row) -> to.setBoolean(at, value.test(row)));
        }
    }

    /** Binds a value of a row at a place, as the vendor has its type. */
    @FunctionalInterface
    public interface Binding<R> {
        void bind(PreparedStatement to, int at, Vendor vendor, R row) throws SQLException;
    }

    /**
     * @param key the column by which a row is known
     */
    public BulkInsert(String table, String key, List<Column<R>> columns) {
        this.columns = List.copyOf(columns);
        this.sql =
                "insert into %s (%s) values (%s) on conflict (%s) do nothing"
                        .formatted(
                                table,
                                columns.stream().map(Column::name).collect(Collectors.joining(",")),
                                columns.stream().map(_ -> "?").collect(Collectors.joining(",")),
                                key);
    }

    /** Inserts the rows in the handle's transaction. */
    public void execute(Handle handle, Vendor vendor, List<R> rows) {
        try (PreparedStatement statement = handle.getConnection().prepareStatement(sql)) {
            for (R row : rows) {
                int at = 0;
                for (Column<R> column : columns) {
                    at++;
                    column.binding().bind(statement, at, vendor, row);
                }
                statement.addBatch();
            }
            statement.executeBatch();
        } catch (SQLException failure) {
            throw new IllegalStateException(
                    "rows could not be inserted: " + failure.getMessage(), failure);
        }
    }
}
