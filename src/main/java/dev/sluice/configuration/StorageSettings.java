package dev.sluice.configuration;

import static dev.sluice.settings.Setting.secret;
import static dev.sluice.settings.Setting.setting;

import dev.sluice.settings.Form;
import dev.sluice.settings.Section;

/** Settings of what is kept on disk and in the database. */
final class StorageSettings {
    private static final long KIB = 1L << 10;
    private static final long GIB = 1L << 30;

    private StorageSettings() {}

    static Section storage() {
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

    static Section journal() {
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
}
