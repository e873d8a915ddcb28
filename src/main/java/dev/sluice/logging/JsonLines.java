package dev.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.ZoneId;
import java.util.Set;

/** Lines for machines: one JSON object each, the record's own fields beside the standard ones. */
public final class JsonLines extends LineEncoder {
    private static final Set<String> STANDARD =
            Set.of("time", "level", "logger", "thread", "message", "stack");

    public JsonLines(ZoneId zone) {
        super(zone);
    }

    @Override
    void append(StringBuilder line, ILoggingEvent event) {
        line.append('{');
        field(line, "time", time(event));
        field(line, "level", event.getLevel().toString());
        field(line, "logger", event.getLoggerName());
        field(line, "thread", event.getThreadName());
        field(line, "message", String.valueOf(event.getFormattedMessage()));
        fields(event)
                .forEach((name, value) ->
                        field(line, STANDARD.contains(name) ? name + "_" : name, value));
        if (event.getThrowableProxy() != null) {
            field(line, "stack", trace(event.getThrowableProxy()));
        }
        line.append('}');
    }

    private static void field(StringBuilder line, String name, String value) {
        if (line.length() > 1) {
            line.append(',');
        }
        SafeText.appendQuoted(line, name);
        line.append(':');
        SafeText.appendQuoted(line, value);
    }
}
