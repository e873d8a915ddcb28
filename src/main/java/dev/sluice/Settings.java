package dev.sluice;

import dev.sluice.catalog.Secret;
import dev.sluice.settings.Values;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Everything that is fixed for the life of the process, checked. One record a section. */
public record Settings(
        Server server,
        Security security,
        Storage storage,
        Upstreams upstreams,
        Streams streams,
        Journal journal,
        Log log) {
    private static final int SHORTEST_TOKEN = 16;
    private static final int FEWEST_CHARACTERS = 8;
    private static final Set<String> LEVELS = Set.of("TRACE", "DEBUG", "INFO", "WARN", "ERROR");

    public record Server(
            String host,
            int port,
            @Nullable Path tlsCertificate,
            @Nullable Path tlsKey,
            List<String> corsOrigins,
            long maxBodyBytes,
            int maxHeaderBytes,
            int maxConnections,
            Duration headerTimeout,
            Duration bodyTimeout,
            Duration shutdownDeadline,
            String proxyPrefix) {}

    /** The encryption key is null where the embedded database may make its own. */
    public record Security(
            @Nullable Secret encryptionKey,
            @Nullable Secret adminToken,
            @Nullable Secret metricsToken,
            String keyPrefix,
            boolean allowAnyAddress) {}

    public record Storage(String databaseUrl, Path data, int logRetentionDays) {
        public boolean isEmbedded() {
            return databaseUrl.startsWith("sqlite:");
        }
    }

    public record Upstreams(
            Duration connectTimeout,
            Duration firstByteTimeout,
            Duration idleTimeout,
            Duration modelsCacheTtl,
            Map<String, String> disguise) {}

    public record Streams(Duration commitAfter, Duration pingInterval) {}

    public record Journal(int segmentBytes, long maxBytes, Duration fsyncInterval) {}

    public record Log(String level, ZoneId zone, boolean json) {}

    /** {@return the settings in those values} What is wrong is noted there. */
    public static Settings from(Values values) {
        Settings settings =
                new Settings(
                        server(values),
                        security(values),
                        storage(values),
                        upstreams(values),
                        new Streams(
                                values.duration("streams.commit_after"),
                                values.duration("streams.ping_interval")),
                        journal(values),
                        log(values));
        settings.check(values);
        return settings;
    }

    private static Server server(Values values) {
        String prefix = values.requiredText("server.proxy_prefix");
        if (!prefix.matches("(/[A-Za-z0-9._~-]+)+")) {
            values.wrong(
                    "server.proxy_prefix",
                    "It must be a path such as /proxy.",
                    "Begin it with a slash and end it without.");
        }
        return new Server(
                values.requiredText("server.host"),
                values.integer("server.port", 0, 65_535),
                path(values.text("server.tls_certificate")),
                path(values.text("server.tls_key")),
                values.list("server.cors_origins"),
                values.bytes("server.max_body_bytes", 1024),
                (int) Math.min(values.bytes("server.max_header_bytes", 1024), 1 << 20),
                values.integer("server.max_connections", 1, 1_000_000),
                values.duration("server.header_timeout"),
                values.duration("server.body_timeout"),
                values.duration("server.shutdown_deadline"),
                prefix);
    }

    private static Security security(Values values) {
        return new Security(
                encryptionKey(values),
                secret(values.text("security.admin_token")),
                secret(values.text("security.metrics_token")),
                values.requiredText("security.key_prefix"),
                values.flag("security.allow_any_address"));
    }

    private static Storage storage(Values values) {
        Path data = Path.of(values.requiredText("storage.data")).toAbsolutePath().normalize();
        String said = values.text("storage.database_url");
        String url = said == null ? "sqlite:///" + data.resolve("sluice.db") : said;
        if (!url.matches("(sqlite|postgresql(\\+\\w+)?|postgres):.*")) {
            values.wrong(
                    "storage.database_url",
                    "Sluice keeps its data in SQLite or PostgreSQL.",
                    "Write sqlite:///data.db or postgresql://user:password@host/database.");
        }
        return new Storage(url, data, values.integer("storage.log_retention_days", 0, 36_500));
    }

    private static Upstreams upstreams(Values values) {
        Map<String, String> disguise = new LinkedHashMap<>();
        if (values.flag("upstreams.mask_as_browser")) {
            disguise.put("user-agent", values.requiredText("upstreams.mask_user_agent"));
            putIfSaid(disguise, "origin", values.text("upstreams.mask_origin"));
            putIfSaid(disguise, "referer", values.text("upstreams.mask_referer"));
        } else {
            disguise.put("user-agent", "sluice/" + Version.current());
        }
        return new Upstreams(
                values.duration("upstreams.connect_timeout"),
                values.duration("upstreams.first_byte_timeout"),
                values.duration("upstreams.idle_timeout"),
                values.duration("upstreams.models_cache_ttl"),
                Map.copyOf(disguise));
    }

    private static Journal journal(Values values) {
        long segment = Math.min(values.bytes("journal.segment_bytes", 65_536), 1 << 30);
        long most = values.bytes("journal.max_bytes", 131_072);
        if (most < 2 * segment) {
            values.wrong(
                    "journal.max_bytes",
                    "It must hold at least two segments.",
                    "Raise it, or lower journal.segment_bytes.");
            most = 2 * segment;
        }
        return new Journal((int) segment, most, values.duration("journal.fsync_interval"));
    }

    private static Log log(Values values) {
        String level = values.requiredText("log.level").toUpperCase(Locale.ROOT);
        if (level.equals("WARNING")) {
            level = "WARN";
        }
        if (!LEVELS.contains(level)) {
            values.wrong("log.level", "There is no such level.", "Take one of " + LEVELS + ".");
            level = "INFO";
        }
        String format = values.requiredText("log.format");
        if (!format.equals("text") && !format.equals("json")) {
            values.wrong("log.format", "There is no such format.", "Take text or json.");
        }
        return new Log(level, zone(values), format.equals("json"));
    }

    private static ZoneId zone(Values values) {
        try {
            return ZoneId.of(values.requiredText("log.timezone"));
        } catch (DateTimeException unknown) {
            values.wrong("log.timezone", "There is no such time zone.", "Write one such as UTC.");
            return ZoneId.of("UTC");
        }
    }

    private static @Nullable Secret encryptionKey(Values values) {
        String key = values.text("security.encryption_key");
        String setting = "security.encryption_key";
        String file = values.text("security.encryption_key_file");
        if (key == null && file != null) {
            setting = "security.encryption_key_file";
            try {
                key = Files.readString(Path.of(file)).strip();
            } catch (IOException unreadable) {
                values.wrong(setting, "The file cannot be read.", "Check its path and owner.");
                return null;
            }
        }
        if (key != null && !isFernetKey(key)) {
            values.wrong(
                    setting,
                    "It is no Fernet key: 32 bytes in URL-safe base64, 44 characters.",
                    "Make one with './sluice secrets generate'.");
            return null;
        }
        return secret(key);
    }

    private static boolean isFernetKey(String key) {
        try {
            return Base64.getUrlDecoder().decode(key).length == 32;
        } catch (IllegalArgumentException notBase64) {
            return false;
        }
    }

    private void check(Values values) {
        if (!storage.isEmbedded()
                && security.encryptionKey() == null
                && !values.isSaid("security.encryption_key")
                && !values.isSaid("security.encryption_key_file")) {
            values.wrong(
                    "security.encryption_key",
                    "An external database needs an encryption key that every node knows.",
                    "Make one with './sluice secrets generate' and set ENCRYPTION_KEY.");
        }
        Secret token = security.adminToken();
        if (!isLoopback(server.host()) && (token == null || isWeak(token.value()))) {
            values.wrong(
                    "security.admin_token",
                    token == null
                            ? "Listening beyond loopback needs an administration token."
                            : "It is too weak to listen beyond loopback.",
                    "Set ADMIN_TOKEN to at least 16 random characters, or listen on 127.0.0.1.");
        }
        if ((server.tlsCertificate() == null) != (server.tlsKey() == null)) {
            values.wrong(
                    "server.tls_key",
                    "TLS needs both a certificate and its key.",
                    "Set TLS_CERTIFICATE and TLS_KEY, or neither.");
        }
    }

    private static boolean isLoopback(String host) {
        return host.startsWith("127.") || host.equals("localhost") || host.equals("::1");
    }

    private static boolean isWeak(String token) {
        String lower = token.toLowerCase(Locale.ROOT);
        return token.length() < SHORTEST_TOKEN
                || token.chars().distinct().count() < FEWEST_CHARACTERS
                || lower.contains("change-me")
                || lower.contains("changeme")
                || lower.contains("admin_secret")
                || lower.startsWith("password");
    }

    private static void putIfSaid(Map<String, String> map, String name, @Nullable String value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    private static @Nullable Path path(@Nullable String text) {
        return text == null ? null : Path.of(text);
    }

    private static @Nullable Secret secret(@Nullable String text) {
        return text == null ? null : new Secret(text);
    }
}
