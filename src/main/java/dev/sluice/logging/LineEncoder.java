package dev.sluice.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.event.KeyValuePair;

/** What both forms of a line have in common: UTF-8, the time, and the fields of a record. */
abstract sealed class LineEncoder extends EncoderBase<ILoggingEvent> permits TextLines, JsonLines {
    private static final int FRAMES = 40;
    private static final byte[] NOTHING = {};

    private final DateTimeFormatter time;

    LineEncoder(ZoneId zone) {
        this.time = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSXXX").withZone(zone);
    }

    abstract void append(StringBuilder line, ILoggingEvent event);

    @Override
    public final byte[] encode(ILoggingEvent event) {
        StringBuilder line = new StringBuilder(256);
        append(line, event);
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    final String time(ILoggingEvent event) {
        return time.format(Instant.ofEpochMilli(event.getTimeStamp()));
    }

    /** {@return the record's own fields and those of its thread, by name} */
    static Map<String, String> fields(ILoggingEvent event) {
        Map<String, String> fields = new TreeMap<>(event.getMDCPropertyMap());
        if (event.getKeyValuePairs() != null) {
            for (KeyValuePair pair : event.getKeyValuePairs()) {
                fields.put(pair.key, String.valueOf(pair.value));
            }
        }
        return fields;
    }

    /**
     * {@return a failure, its causes and where they arose, on lines that have not been made safe}
     */
    static String trace(IThrowableProxy failure) {
        StringBuilder trace = new StringBuilder();
        String before = "";
        for (IThrowableProxy cause = failure; cause != null; cause = cause.getCause()) {
            trace.append(before)
                    .append(cause.getClassName())
                    .append(": ")
                    .append(cause.getMessage());
            StackTraceElementProxy[] frames = cause.getStackTraceElementProxyArray();
            int shown = Math.min(FRAMES, frames.length - cause.getCommonFrames());
            for (int i = 0; i < shown; i++) {
                trace.append("\n\t").append(frames[i].getSTEAsString());
            }
            if (cause.isCyclic()) {
                break;
            }
            before = "\ncaused by ";
        }
        return trace.toString();
    }

    @Override
    public byte[] headerBytes() {
        return NOTHING;
    }

    @Override
    public byte[] footerBytes() {
        return NOTHING;
    }
}
