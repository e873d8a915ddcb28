package dev.sluice.proxy.account;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * One line a call in the log, in the words of its record: who, what, where, how it ended, how long
 * it took. Nothing that was said, and no credential but a key's prefix.
 */
public final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("dev.sluice.access");
    private static final int LONGEST = 128;

    private final boolean isOn;

    public AccessLog(boolean isOn) {
        this.isOn = isOn;
    }

    public void write(RequestRecord record) {
        if (!isOn || !LOG.isInfoEnabled()) {
            return;
        }
        RequestRecord.Outcome outcome = record.outcome();
        LoggingEventBuilder line =
                LOG.atInfo()
                        .addKeyValue("request_id", record.id())
                        .addKeyValue("status", outcome.status())
                        .addKeyValue("ending", outcome.ending().wireName())
                        .addKeyValue("duration_ms", record.timing().durationMicros() / 1_000)
                        .addKeyValue("input_tokens", record.usage().inputTotal())
                        .addKeyValue("output_tokens", record.usage().outputTotal())
                        .addKeyValue("attempts", record.attempts().size());
        line = add(line, "key", record.asker().keyPrefix());
        line = add(line, "model", record.asked().model());
        line = add(line, "upstream", record.served().upstream());
        line = add(line, "error", outcome.errorCode());
        line = add(line, "fault", outcome.fault() == null ? null : outcome.fault().wireName());
        line.log("{} {}", record.asked().method(), bounded(record.asked().path()));
    }

    private static LoggingEventBuilder add(
            LoggingEventBuilder line, String name, @Nullable String value) {
        return value == null ? line : line.addKeyValue(name, bounded(value));
    }

    private static String bounded(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
