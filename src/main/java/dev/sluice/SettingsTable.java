package dev.sluice;

import static dev.sluice.settings.Setting.optional;
import static dev.sluice.settings.Setting.secret;
import static dev.sluice.settings.Setting.setting;

import dev.sluice.settings.Form;
import dev.sluice.settings.Section;
import dev.sluice.settings.Setting;
import java.util.List;

/**
 * All settings there are. Reading, checking and docs/configuration.md follow from this table.
 *
 * <p>The names without {@code SLUICE_} are those by which other gateways know the same thing, so
 * that their deployments move without being rewritten.
 */
public final class SettingsTable {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    private SettingsTable() {}

    /**
     * {@return the settings}
     *
     * @param inContainer whether to listen on all addresses where nothing is said: inside a
     *     container loopback reaches nobody
     */
    public static List<Setting> all(boolean inContainer) {
        return sections().stream()
                .flatMap(section -> section.settings().stream())
                .map(one ->
                        inContainer && one.key().equals("server.host")
                                ? one.otherwise("0.0.0.0")
                                : one)
                .toList();
    }

    /** {@return the settings, section by section} */
    public static List<Section> sections() {
        return List.of(
                server(),
                limits(),
                security(),
                storage(),
                upstreams(),
                streams(),
                sessions(),
                spending(),
                journal(),
                log());
    }

    private static Section server() {
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

    private static Section limits() {
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

    private static Section security() {
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

    private static Section storage() {
        return Section.of(
                "storage",
                "What it keeps, and where.",
                setting(
                        "storage.data",
                        "SLUICE_DATA_DIR",
                        Form.text(),
                        "./data",
                        "Folder for the journal, the embedded database and what is generated."),
                secret(
                        "storage.database_url",
                        "DATABASE_URL",
                        "`sqlite:///./data.db` or `postgresql://user:password@host/name`; without one, `sluice.db` in the data folder."),
                secret(
                        "storage.redis_url",
                        "REDIS_URL",
                        "Read for the sake of existing deployments, and not used: a single node needs no Redis."),
                setting(
                        "storage.log_retention_days",
                        "LOG_RETENTION_DAYS",
                        Form.integer(0, 36_500),
                        "90",
                        "Days for which request records are kept; 0 keeps them for ever."));
    }

    private static Section upstreams() {
        return Section.of(
                "upstreams",
                "What all upstreams have in common; each may have time-outs of its own.",
                secret(
                        "upstreams.initial",
                        "UPSTREAMS",
                        "Upstreams to start with where there are none yet: a JSON list of `{name, provider, base_url, api_key, is_default, timeout}`."),
                setting(
                        "upstreams.models_cache_ttl",
                        "MODELS_CACHE_TTL",
                        Form.duration(),
                        "300s",
                        "How long a model list that an upstream gave is believed."),
                setting(
                        "upstreams.timeout",
                        "SLUICE_UPSTREAM_TIMEOUT",
                        Form.duration(),
                        "60s",
                        "How long an upstream that names no time-out may take to begin an answer, if the one for the first byte is not longer."),
                setting(
                        "upstreams.connect_timeout",
                        "SLUICE_UPSTREAM_CONNECT_TIMEOUT",
                        Form.duration(),
                        "10s",
                        "How long connecting to such an upstream may take."),
                setting(
                        "upstreams.first_byte_timeout",
                        "SLUICE_UPSTREAM_FIRST_BYTE_TIMEOUT",
                        Form.duration(),
                        "5m",
                        "How long its first byte may take: a model that thinks long says nothing before."),
                setting(
                        "upstreams.idle_timeout",
                        "SLUICE_UPSTREAM_IDLE_TIMEOUT",
                        Form.duration(),
                        "2m",
                        "How long it may fall silent amid an answer."),
                setting(
                        "upstreams.mask_as_browser",
                        "MASK_AS_BROWSER",
                        Form.flag(),
                        "false",
                        "Sends the three headers below upstream in place of the gateway's own name."),
                setting(
                        "upstreams.mask_user_agent",
                        "MASK_USER_AGENT",
                        header(),
                        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
                        "User-Agent of that mask."),
                optional("upstreams.mask_origin", "MASK_ORIGIN", header(), "Origin of that mask."),
                optional(
                        "upstreams.mask_referer",
                        "MASK_REFERER",
                        header(),
                        "Referer of that mask."));
    }

    private static Section sessions() {
        return Section.of(
                "sessions",
                "What is remembered of sessions, which clients name in `X-Session-Id`.",
                setting(
                        "sessions.keep_context",
                        "SLUICE_KEEP_CONTEXT",
                        Form.flag(),
                        "false",
                        "Keeps the beginnings of the last 50 requests and answers of each session in memory, for `GET /context/{session}`: for two hours, 64 MiB in all, 4 KiB each."));
    }

    private static Section streams() {
        return Section.of(
                "streams",
                "How streamed answers are kept alive.",
                setting(
                        "streams.commit_after",
                        "SLUICE_COMMIT_AFTER",
                        Form.duration(),
                        "15s",
                        "An upstream that is alive without output for that long is settled on: the status goes out, and there is no failover any more."),
                setting(
                        "streams.ping_interval",
                        "SLUICE_PING_INTERVAL",
                        Form.duration(),
                        "15s",
                        "A stream that is silent for that long gets a ping."));
    }

    private static Section spending() {
        return Section.of(
                "spending",
                "What calls cost and what is reserved for them.",
                setting(
                        "spending.currency",
                        "SLUICE_CURRENCY",
                        Form.matching("three capital letters", "[A-Z]{3}"),
                        "USD",
                        "The currency of all budgets and costs. What was counted before is not converted when it changes."),
                optional(
                        "spending.exchange_rates",
                        "SLUICE_EXCHANGE_RATES",
                        Form.list(),
                        "What one unit of another currency is worth, such as `EUR=1.08`. A price in a currency without a rate is none."),
                optional(
                        "spending.prices",
                        "SLUICE_PRICES",
                        Form.text(),
                        "Prices that stand before the public ones and behind those of `/admin/prices`: a list of `{model, provider, input, output, …}`, per million tokens."),
                setting(
                        "spending.refuse_unpriced",
                        "SLUICE_REFUSE_UNPRICED",
                        Form.flag(),
                        "true",
                        "Refuses calls of models without a price where money is limited; otherwise they cost nothing."),
                setting(
                        "spending.default_output_tokens",
                        "SLUICE_DEFAULT_OUTPUT_TOKENS",
                        Form.integer(1, 10_000_000),
                        "8192",
                        "The output reserved for a call that names no limit, where the model's own is not known."),
                setting(
                        "spending.media_tokens",
                        "SLUICE_MEDIA_TOKENS",
                        Form.integer(0, 10_000_000),
                        "4096",
                        "The input reserved for an image, a file or other media."));
    }

    private static Section journal() {
        return Section.of(
                "journal",
                "What is on disk before the last byte of an answer leaves.",
                setting(
                        "journal.segment_bytes",
                        "SLUICE_JOURNAL_SEGMENT_BYTES",
                        Form.bytes(64 * KIB, GIB),
                        "16MiB",
                        "Size of one journal file."),
                setting(
                        "journal.max_bytes",
                        "SLUICE_JOURNAL_MAX_BYTES",
                        Form.bytes(128 * KIB, 4096 * GIB),
                        "4GiB",
                        "What the journal may take while the database is away; past it new calls are refused."),
                setting(
                        "journal.fsync_interval",
                        "SLUICE_JOURNAL_FSYNC_INTERVAL",
                        Form.duration(),
                        "1s",
                        "How much of the last records a power cut may cost; a killed process costs none."));
    }

    private static Section log() {
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

    private static Form header() {
        return Form.matching("visible ASCII", "[\\x20-\\x7e]+");
    }
}
