package dev.sluice.configuration;

import dev.sluice.catalog.Upstream;
import dev.sluice.http.address.TrustedProxies;
import dev.sluice.settings.Values;
import dev.sluice.store.DatabaseUrl;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads {@link Settings}, section by section. What is wrong is noted in the values. */
final class SettingsSections {
    private final Values values;

    SettingsSections(Values values) {
        this.values = values;
    }

    Settings settings() {
        Settings.Server server = server();
        Settings.Storage storage = storage();
        SettingsSecrets secrets = new SettingsSecrets(values);
        Settings.Security security = secrets.security(server, storage);
        Settings.Upstreams upstreams = upstreams();
        Settings.Journal journal = journal();
        return new Settings(
                server,
                security,
                storage,
                upstreams,
                new DeclaredModelSettings(values).read(),
                new Settings.Streams(
                        values.duration("streams.commit_after"),
                        values.duration("streams.ping_interval")),
                new Settings.Sessions(values.flag("sessions.keep_context")),
                new SpendingSettings(values).read(),
                journal,
                log(),
                values.warnings());
    }

    private Settings.Server server() {
        Path certificate = path("server.tls_certificate");
        Path key = path("server.tls_key");
        if ((certificate == null) != (key == null)) {
            values.wrong(
                    certificate == null ? "server.tls_certificate" : "server.tls_key",
                    "TLS needs a certificate and its key, and only one of them is set.",
                    "Set SLUICE_TLS_CERTIFICATE and SLUICE_TLS_KEY, or neither.");
        }
        return new Settings.Server(
                values.requiredText("server.host"),
                values.integer("server.port"),
                certificate,
                key,
                corsOrigins(),
                trustedProxies(),
                values.bytes("limits.max_body_bytes"),
                (int) values.bytes("limits.max_header_bytes"),
                values.integer("limits.max_connections"),
                (int) values.bytes("limits.worker_body_bytes"),
                values.duration("limits.header_timeout"),
                values.duration("limits.body_timeout"),
                values.duration("server.shutdown_deadline"),
                values.requiredText("server.proxy_prefix"));
    }

    private List<String> trustedProxies() {
        List<String> ranges = values.list("server.trusted_proxies");
        try {
            var _ = new TrustedProxies(ranges);
            return ranges;
        } catch (IllegalArgumentException wrong) {
            values.wrong(
                    "server.trusted_proxies",
                    "It is a list of address ranges.",
                    "Write them such as 10.0.0.0/8 or 2001:db8::/32.");
            return List.of();
        }
    }

    private List<String> corsOrigins() {
        List<String> origins = values.list("server.cors_origins");
        for (String origin : origins) {
            if (!origin.equals("*") && !origin.matches("https?://[^/?#\\s]+")) {
                values.wrong(
                        "server.cors_origins",
                        "An origin is a scheme and a host, such as https://app.example.",
                        "Leave out paths and slashes at the end.");
                return List.of();
            }
        }
        return origins;
    }

    private Settings.Storage storage() {
        Path data = path("storage.data");
        Path folder = (data == null ? Path.of("data") : data).toAbsolutePath().normalize();
        if (values.isSaid("storage.redis_url")) {
            values.warn(
                    "storage.redis_url",
                    "A single node keeps its counters in memory and does not connect to Redis.",
                    "Leave it out.");
        }
        return new Settings.Storage(
                databaseUrl(folder), folder, values.integer("storage.log_retention_days"));
    }

    private String databaseUrl(Path data) {
        String embedded = "sqlite:///" + data.resolve("sluice.db");
        String url = values.text("storage.database_url");
        if (url == null) {
            return embedded;
        }
        try {
            DatabaseUrl.parse(url);
            return url;
        } catch (IllegalArgumentException unusable) {
            values.wrong(
                    "storage.database_url",
                    sentence(unusable.getMessage()),
                    "Write sqlite:///./data.db or postgresql://user:password@host/name.");
            return embedded;
        }
    }

    private Settings.Upstreams upstreams() {
        Map<String, String> disguise = new LinkedHashMap<>();
        if (values.flag("upstreams.mask_as_browser")) {
            putIfSaid(disguise, "user-agent", values.text("upstreams.mask_user_agent"));
            putIfSaid(disguise, "origin", values.text("upstreams.mask_origin"));
            putIfSaid(disguise, "referer", values.text("upstreams.mask_referer"));
        } else {
            disguise.put("user-agent", "sluice/" + Version.current());
        }
        return new Settings.Upstreams(
                values.duration("upstreams.models_cache_ttl"),
                disguise,
                new Upstream.Timeouts(
                        values.duration("upstreams.timeout"),
                        values.duration("upstreams.connect_timeout"),
                        values.duration("upstreams.first_byte_timeout"),
                        values.duration("upstreams.idle_timeout")),
                values.duration("upstreams.deadline"),
                new InitialUpstreams(values).read());
    }

    private Settings.Journal journal() {
        long segment = values.bytes("journal.segment_bytes");
        long most = values.bytes("journal.max_bytes");
        if (most < 2 * segment) {
            values.wrong(
                    "journal.max_bytes",
                    "It must hold at least two files of journal.segment_bytes.",
                    "Raise it, or lower journal.segment_bytes.");
        }
        return new Settings.Journal((int) segment, most, values.duration("journal.fsync_interval"));
    }

    private Settings.Log log() {
        String level = values.requiredText("log.level").toUpperCase(Locale.ROOT);
        return new Settings.Log(
                level.equals("WARNING") ? "WARN" : level,
                zone(),
                values.requiredText("log.format").toLowerCase(Locale.ROOT),
                values.flag("log.access"));
    }

    private ZoneId zone() {
        try {
            return ZoneId.of(values.requiredText("log.timezone"));
        } catch (DateTimeException unknown) {
            values.wrong(
                    "log.timezone",
                    "There is no such time zone.",
                    "Write one such as UTC or Europe/Berlin.");
            return ZoneId.of("UTC");
        }
    }

    private @Nullable Path path(String key) {
        String text = values.text(key);
        try {
            return text == null ? null : Path.of(text);
        } catch (InvalidPathException unusable) {
            values.wrong(key, "It is no path.", "Write the path of a file or folder.");
            return null;
        }
    }

    private static void putIfSaid(Map<String, String> map, String name, @Nullable String value) {
        if (value != null) {
            map.put(name, value);
        }
    }

    private static String sentence(@Nullable String message) {
        String text = message == null ? "it cannot be read" : message;
        return Character.toUpperCase(text.charAt(0)) + text.substring(1) + ".";
    }
}
