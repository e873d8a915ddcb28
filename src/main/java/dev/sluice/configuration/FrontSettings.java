package dev.sluice.configuration;

import static dev.sluice.settings.Setting.optional;
import static dev.sluice.settings.Setting.secret;
import static dev.sluice.settings.Setting.setting;

import dev.sluice.settings.Form;
import dev.sluice.settings.Section;

/**
 * Settings of what stands towards clients and operators: where it listens, what it accepts, what it
 * logs.
 */
final class FrontSettings {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    private FrontSettings() {}

    static Section server() {
        return Section.of(
                "server",
                "Where it listens.",
                setting(
                        "server.host",
                        "HOST",
                        Form.text(),
                        "127.0.0.1",
                        "Address to listen on; 0.0.0.0 where nothing is said inside a container."),
                setting(
                        "server.port",
                        "PORT",
                        Form.integer(0, 65_535),
                        "8000",
                        "Port to listen on; 0 takes a free one."),
                optional(
                        "server.tls_certificate",
                        "SLUICE_TLS_CERTIFICATE",
                        Form.text(),
                        "PEM file with the certificate and its chain; turns TLS on."),
                optional(
                        "server.tls_key",
                        "SLUICE_TLS_KEY",
                        Form.text(),
                        "PEM file with the certificate's private key."),
                setting(
                        "server.proxy_prefix",
                        "PROXY_PREFIX",
                        Form.matching(
                                "a path such as /proxy, without a slash at its end",
                                "(/[A-Za-z0-9._~-]+)+"),
                        "/proxy",
                        "Path below which upstreams are proxied raw."),
                optional(
                        "server.cors_origins",
                        "CORS_ORIGINS",
                        Form.list(),
                        "Origins whose pages may call the gateway from a browser, such as https://app.example."),
                optional(
                        "server.trusted_proxies",
                        "SLUICE_TRUSTED_PROXIES",
                        Form.list(),
                        "Address ranges of proxies in front whose X-Forwarded-For is believed, such as 10.0.0.0/8."),
                setting(
                        "server.shutdown_deadline",
                        "SLUICE_SHUTDOWN_DEADLINE",
                        Form.duration(),
                        "25s",
                        "How long running calls may go on after SIGTERM."));
    }

    static Section limits() {
        return Section.of(
                "limits",
                "What clients may ask of it.",
                setting(
                        "limits.max_body_bytes",
                        "SLUICE_MAX_BODY_BYTES",
                        Form.bytes(KIB, GIB),
                        "32MiB",
                        "Largest request body; more is 413."),
                setting(
                        "limits.max_header_bytes",
                        "SLUICE_MAX_HEADER_BYTES",
                        Form.bytes(KIB, MIB),
                        "64KiB",
                        "Largest request head; more is 431."),
                setting(
                        "limits.max_connections",
                        "SLUICE_MAX_CONNECTIONS",
                        Form.integer(1, 1_000_000),
                        "20000",
                        "Open client connections; further ones are closed at once."),
                setting(
                        "limits.header_timeout",
                        "SLUICE_HEADER_TIMEOUT",
                        Form.duration(),
                        "20s",
                        "How long a request's head may take; then the connection is closed."),
                setting(
                        "limits.body_timeout",
                        "SLUICE_BODY_TIMEOUT",
                        Form.duration(),
                        "120s",
                        "How long a request's body may take; more is 408."),
                setting(
                        "limits.worker_body_bytes",
                        "SLUICE_WORKER_BODY_BYTES",
                        Form.bytes(KIB, GIB),
                        "64KiB",
                        "Bodies above this are read on a worker thread, so that they hold up nobody."));
    }

    static Section security() {
        return Section.of(
                "security",
                "Keys and tokens. None of them is ever logged or shown.",
                secret(
                        "security.encryption_key",
                        "ENCRYPTION_KEY",
                        "Fernet key under which upstream credentials are stored; `./sluice secrets generate` makes one. The embedded database makes its own in the data folder."),
                optional(
                        "security.encryption_key_file",
                        "ENCRYPTION_KEY_FILE",
                        Form.text(),
                        "File that holds the encryption key; the key itself, if given, is stronger."),
                secret(
                        "security.admin_token",
                        "ADMIN_TOKEN",
                        "Bearer token of the operator. Needed, and at least 16 characters hard to guess, to listen beyond loopback."),
                secret(
                        "security.metrics_token",
                        "METRICS_TOKEN",
                        "Bearer token for /metrics; without one only loopback may read it."),
                setting(
                        "security.key_prefix",
                        "SLUICE_API_KEY_PREFIX",
                        Form.matching(
                                "2 to 24 letters, digits, '-' and '_', the last one '-' or '_'",
                                "[A-Za-z0-9_-]{1,23}[-_]"),
                        "sk-auto-",
                        "What generated API keys begin with."),
                setting(
                        "security.allow_any_address",
                        "SLUICE_ALLOW_ANY_ADDRESS",
                        Form.flag(),
                        "false",
                        "Lets upstreams stand at link-local and metadata addresses too."));
    }

    static Section log() {
        return Section.of(
                "log",
                "What it says on standard error.",
                setting(
                        "log.level",
                        "LOG_LEVEL",
                        Form.oneOf("trace", "debug", "info", "warn", "warning", "error"),
                        "info",
                        "The least important level that is written."),
                setting(
                        "log.timezone",
                        "LOG_TIMEZONE",
                        Form.text(),
                        "UTC",
                        "Time zone of log lines, such as Europe/Berlin."),
                setting(
                        "log.format",
                        "LOG_FORMAT",
                        Form.oneOf("auto", "text", "json"),
                        "auto",
                        "`text`, or `json` for an object a line; `auto` is text on a terminal and JSON elsewhere."),
                setting(
                        "log.access",
                        "LOG_ACCESS",
                        Form.flag(),
                        "true",
                        "Whether each call of a known key is written as one line of level info."));
    }
}
