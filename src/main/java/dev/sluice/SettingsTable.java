package dev.sluice;

import dev.sluice.settings.Setting;
import dev.sluice.settings.Setting.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All settings there are. Reading, checking and docs/configuration.md follow from this table. */
public final class SettingsTable {
    private SettingsTable() {}

    /** {@return the settings, section by section} */
    public static List<Setting> all(boolean inContainer) {
        return List.of(
                open(
                        "server.host",
                        "HOST",
                        Kind.TEXT,
                        inContainer ? "0.0.0.0" : "127.0.0.1",
                        "Address to listen on; 0.0.0.0 inside a container."),
                open(
                        "server.port",
                        "PORT",
                        Kind.INTEGER,
                        "8000",
                        "Port to listen on; 0 takes a free one."),
                open(
                        "server.tls_certificate",
                        "TLS_CERTIFICATE",
                        Kind.TEXT,
                        null,
                        "PEM file with the certificate chain; turns TLS on."),
                open(
                        "server.tls_key",
                        "TLS_KEY",
                        Kind.TEXT,
                        null,
                        "PEM file with the certificate's private key."),
                open(
                        "server.cors_origins",
                        "CORS_ORIGINS",
                        Kind.LIST,
                        null,
                        "Origins whose pages may call the gateway from a browser."),
                open(
                        "server.max_body_bytes",
                        "MAX_BODY_BYTES",
                        Kind.BYTES,
                        "32MiB",
                        "Largest request body; more is 413."),
                open(
                        "server.max_header_bytes",
                        "MAX_HEADER_BYTES",
                        Kind.BYTES,
                        "32KiB",
                        "Largest request head; more is 431."),
                open(
                        "server.max_connections",
                        "MAX_CONNECTIONS",
                        Kind.INTEGER,
                        "20000",
                        "Open client connections; further ones are closed at once."),
                open(
                        "server.header_timeout",
                        "HEADER_TIMEOUT",
                        Kind.DURATION,
                        "15s",
                        "How long a connection may take to send a request's head."),
                open(
                        "server.body_timeout",
                        "BODY_TIMEOUT",
                        Kind.DURATION,
                        "60s",
                        "How long a request's body may take; more is 408."),
                open(
                        "server.shutdown_deadline",
                        "SHUTDOWN_DEADLINE",
                        Kind.DURATION,
                        "25s",
                        "How long running streams may go on after SIGTERM."),
                open(
                        "server.proxy_prefix",
                        "PROXY_PREFIX",
                        Kind.TEXT,
                        "/proxy",
                        "Path below which upstreams are proxied raw."),
                hidden(
                        "security.encryption_key",
                        "ENCRYPTION_KEY",
                        "Fernet key under which upstream keys are stored. './sluice secrets generate' makes one."),
                open(
                        "security.encryption_key_file",
                        "ENCRYPTION_KEY_FILE",
                        Kind.TEXT,
                        null,
                        "File that holds the encryption key instead."),
                hidden(
                        "security.admin_token",
                        "ADMIN_TOKEN",
                        "Bearer token of the operator, at least 16 characters; without one the control plane needs an API key with permission 'admin'."),
                hidden(
                        "security.metrics_token",
                        "METRICS_TOKEN",
                        "Bearer token for /metrics from elsewhere than loopback."),
                open(
                        "security.key_prefix",
                        "API_KEY_PREFIX",
                        Kind.TEXT,
                        "sk-auto-",
                        "What generated API keys begin with."),
                open(
                        "security.allow_any_address",
                        "ALLOW_ANY_ADDRESS",
                        Kind.FLAG,
                        "false",
                        "Lets upstreams be at link-local and metadata addresses too."),
                open(
                        "storage.database_url",
                        "DATABASE_URL",
                        Kind.TEXT,
                        null,
                        "sqlite:///./data.db or postgresql://user:password@host/database; without one an embedded database in the data folder."),
                open(
                        "storage.data",
                        "DATA_DIR",
                        Kind.TEXT,
                        "./data",
                        "Folder for the journal, the embedded database and what is generated."),
                open(
                        "storage.log_retention_days",
                        "LOG_RETENTION_DAYS",
                        Kind.INTEGER,
                        "90",
                        "Days that request records are kept; 0 keeps them for ever."),
                open(
                        "storage.redis_url",
                        "REDIS_URL",
                        Kind.TEXT,
                        null,
                        "Accepted for the sake of existing deployments; a single node needs none and does not connect."),
                open(
                        "upstreams.connect_timeout",
                        "UPSTREAM_CONNECT_TIMEOUT",
                        Kind.DURATION,
                        "5s",
                        "Standard time for a connection to an upstream."),
                open(
                        "upstreams.first_byte_timeout",
                        "UPSTREAM_FIRST_BYTE_TIMEOUT",
                        Kind.DURATION,
                        "120s",
                        "Standard time until an upstream begins to answer."),
                open(
                        "upstreams.idle_timeout",
                        "UPSTREAM_IDLE_TIMEOUT",
                        Kind.DURATION,
                        "120s",
                        "Standard time between two pieces of an upstream's answer."),
                open(
                        "upstreams.models_cache_ttl",
                        "MODELS_CACHE_TTL",
                        Kind.DURATION,
                        "300s",
                        "How often upstreams are asked for their model lists."),
                open(
                        "upstreams.mask_as_browser",
                        "MASK_AS_BROWSER",
                        Kind.FLAG,
                        "false",
                        "Sends a browser's User-Agent, Origin and Referer upstream."),
                open(
                        "upstreams.mask_user_agent",
                        "MASK_USER_AGENT",
                        Kind.TEXT,
                        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
                        "The User-Agent of that mask."),
                open(
                        "upstreams.mask_origin",
                        "MASK_ORIGIN",
                        Kind.TEXT,
                        null,
                        "The Origin of that mask."),
                open(
                        "upstreams.mask_referer",
                        "MASK_REFERER",
                        Kind.TEXT,
                        null,
                        "The Referer of that mask."),
                open(
                        "streams.commit_after",
                        "COMMIT_AFTER",
                        Kind.DURATION,
                        "15s",
                        "How long a live stream may be without output before its status is sent all the same."),
                open(
                        "streams.ping_interval",
                        "PING_INTERVAL",
                        Kind.DURATION,
                        "15s",
                        "A stream silent for that long gets a ping."),
                open(
                        "journal.segment_bytes",
                        "JOURNAL_SEGMENT_BYTES",
                        Kind.BYTES,
                        "16MiB",
                        "Size of one journal file."),
                open(
                        "journal.max_bytes",
                        "JOURNAL_MAX_BYTES",
                        Kind.BYTES,
                        "4GiB",
                        "What the journal may take while the database is away; past it new calls are refused."),
                open(
                        "journal.fsync_interval",
                        "JOURNAL_FSYNC_INTERVAL",
                        Kind.DURATION,
                        "1s",
                        "How much a power cut may cost at most."),
                open("log.level", "LOG_LEVEL", Kind.TEXT, "INFO", "DEBUG, INFO, WARN or ERROR."),
                open(
                        "log.timezone",
                        "LOG_TIMEZONE",
                        Kind.TEXT,
                        "UTC",
                        "Time zone of log lines, such as Europe/Berlin."),
                open(
                        "log.format",
                        "LOG_FORMAT",
                        Kind.TEXT,
                        "text",
                        "text, or json for one JSON object a line."));
    }

    private static Setting open(
            String key, String variable, Kind kind, @Nullable String standard, String description) {
        return new Setting(key, variable, kind, standard, false, description);
    }

    private static Setting hidden(String key, String variable, String description) {
        return new Setting(key, variable, Kind.TEXT, null, true, description);
    }
}
