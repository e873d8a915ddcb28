package dev.sluice.store;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which database, as {@code DATABASE_URL} says it.
 *
 * <ul>
 *   <li>{@code sqlite:///./data.db} relative to the working folder, {@code sqlite:////var/data.db}
 *       absolute, {@code sqlite://} a file that is deleted at the end
 *   <li>{@code postgresql://user:password@host:5432/name?sslmode=require}
 * </ul>
 *
 * A driver after a plus sign, as in {@code postgresql+psycopg://}, is accepted and has no meaning.
 * The password never appears in its text form.
 */
public sealed interface DatabaseUrl {

    /**
     * A SQLite file.
     *
     * @param file null for one that lives as long as the database is open
     */
    record Sqlite(@Nullable Path file) implements DatabaseUrl {}

    /**
     * A PostgreSQL server.
     *
     * @param properties of the driver, by its own names
     */
    record Postgresql(
            String host,
            int port,
            String name,
            @Nullable String user,
            @Nullable String password,
            Map<String, String> properties)
            implements DatabaseUrl {
        public Postgresql {
            properties = Map.copyOf(properties);
        }

        @Override
        public String toString() {
            return "postgresql://" + host + ":" + port + "/" + name;
        }
    }

    /**
     * {@return the database that this URL names}
     *
     * @throws IllegalArgumentException saying what is wrong and what would be right, without
     *     repeating credentials
     */
    static DatabaseUrl parse(String url) {
        String trimmed = url.strip();
        int colon = trimmed.indexOf("://");
        if (colon < 0) {
            throw unreadable();
        }
        String scheme = trimmed.substring(0, colon);
        String rest = trimmed.substring(colon + 3);
        int plus = scheme.indexOf('+');
        return switch (plus < 0 ? scheme : scheme.substring(0, plus)) {
            case "sqlite" -> sqlite(rest);
            case "postgresql", "postgres" -> postgresql("postgresql://" + rest);
            default -> throw unreadable();
        };
    }

    private static Sqlite sqlite(String rest) {
        if (rest.isEmpty() || rest.equals("/") || rest.equals("/:memory:")) {
            return new Sqlite(null);
        }
        if (!rest.startsWith("/")) {
            throw new IllegalArgumentException(
                    "a SQLite URL has three slashes before a relative path (sqlite:///./data.db)"
                            + " and four before an absolute one (sqlite:////var/lib/data.db)");
        }
        if (rest.contains("?")) {
            throw new IllegalArgumentException("a SQLite URL takes no parameters after '?'");
        }
        return new Sqlite(Path.of(rest.substring(1)).toAbsolutePath().normalize());
    }

    private static Postgresql postgresql(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException _) {
            // Its message would repeat the password.
            throw new IllegalArgumentException(
                    "the PostgreSQL URL is malformed; characters such as @ / : # % in the user name"
                            + " or password must be percent-encoded");
        }
        String path = uri.getRawPath();
        if (uri.getHost() == null || path == null || path.length() < 2) {
            throw new IllegalArgumentException(
                    "a PostgreSQL URL names host and database: postgresql://user:password@host:5432/name");
        }
        List<String> login =
                uri.getRawUserInfo() == null
                        ? List.of()
                        : List.of(uri.getRawUserInfo().split(":", 2));
        return new Postgresql(
                uri.getHost(),
                uri.getPort() < 0 ? 5432 : uri.getPort(),
                decoded(path.substring(1)),
                login.isEmpty() ? null : decoded(login.getFirst()),
                login.size() < 2 ? null : decoded(login.get(1)),
                properties(uri.getRawQuery()));
    }

    private static Map<String, String> properties(@Nullable String query) {
        Map<String, String> properties = new LinkedHashMap<>();
        if (query == null || query.isEmpty()) {
            return properties;
        }
        for (String pair : query.split("&", -1)) {
            String[] nameAndValue = pair.split("=", 2);
            String value = nameAndValue.length < 2 ? "" : decoded(nameAndValue[1]);
            properties.put(driverName(decoded(nameAndValue[0])), value);
        }
        return properties;
    }

    /** The names that libpq knows, and those of the Java driver. */
    private static String driverName(String name) {
        return switch (name) {
            case "sslmode",
                    "sslrootcert",
                    "sslcert",
                    "sslkey",
                    "currentSchema",
                    "targetServerType" ->
                    name;
            case "application_name", "ApplicationName" -> "ApplicationName";
            case "connect_timeout", "connectTimeout" -> "connectTimeout";
            case "socketTimeout" -> name;
            default ->
                    throw new IllegalArgumentException(
                            "the database URL has an unknown parameter '"
                                    + name
                                    + "'; known: sslmode, sslrootcert, sslcert, sslkey,"
                                    + " application_name, connect_timeout, socketTimeout,"
                                    + " currentSchema, targetServerType");
        };
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static IllegalArgumentException unreadable() {
        return new IllegalArgumentException(
                "the database URL must begin with sqlite:/// or postgresql://");
    }
}
