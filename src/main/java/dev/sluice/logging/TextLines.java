package dev.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.time.ZoneId;

/**
 * Lines for people: time, level, where, what, and {@code name=value}. A stack trace follows on
 * lines that begin with a tab, which no record's line does.
 */
public final class TextLines extends LineEncoder {

    public TextLines(ZoneId zone) {
        super(zone);
    }

    @Override
    void append(StringBuilder line, ILoggingEvent event) {
        String logger = event.getLoggerName();
        line.append(time(event))
                .append(' ')
                .append("%-5s".formatted(event.getLevel()))
                .append(' ')
                .append(logger.substring(logger.lastIndexOf('.') + 1))
                .append(": ");
        SafeText.append(line, String.valueOf(event.getFormattedMessage()));
        fields(event)
                .forEach((name, value) -> {
                    line.append(' ');
                    SafeText.append(line, name);
                    line.append('=');
                    SafeText.append(line, value);
                });
        if (event.getThrowableProxy() != null) {
            trace(event.getThrowableProxy())
                    .lines()
                    .forEach(part -> {
                        line.append("\n\t");
                        SafeText.append(line, part.strip());
                    });
        }
    }
}
