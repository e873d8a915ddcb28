package dev.sluice.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import java.io.Console;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up the log as the settings say. Lines go to the standard error through a queue that is
 * emptied by a thread of its own: a reader that stalls costs lines, and never holds up a call.
 */
public final class Logging {
    private static final int QUEUE = 8192;

    private Logging() {}

    /**
     * @param level the least important level that is written of ours
     * @param format {@code text}, {@code json}, or {@code auto} for text on a terminal and JSON
     *     elsewhere
     */
    public static void configure(String level, ZoneId zone, String format) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        ConsoleAppender<ILoggingEvent> console = new ConsoleAppender<>();
        console.setContext(context);
        console.setTarget("System.err");
        console.setEncoder(encoder(zone, format, context));
        console.start();
        AsyncAppender queue = new AsyncAppender();
        queue.setContext(context);
        queue.setQueueSize(QUEUE);
        queue.setNeverBlock(true);
        queue.addAppender(console);
        queue.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(queue);
        // The pool tells every broken connection with its whole stack; what it means, we say.
        context.getLogger("com.zaxxer.hikari").setLevel(Level.ERROR);
        // The libraries' own words matter only as warnings.
        context.getLogger("dev.sluice").setLevel(Level.toLevel(level, Level.INFO));
    }

    /** Writes what is still queued. */
    public static void flush() {
        ((LoggerContext) LoggerFactory.getILoggerFactory()).stop();
    }

    private static Encoder<ILoggingEvent> encoder(
            ZoneId zone, String format, LoggerContext context) {
        boolean json =
                switch (format) {
                    case "json" -> true;
                    case "text" -> false;
                    default -> !isOnTerminal(System.console());
                };
        Encoder<ILoggingEvent> encoder = json ? new JsonLines(zone) : new TextLines(zone);
        encoder.setContext(context);
        encoder.start();
        return encoder;
    }

    private static boolean isOnTerminal(@Nullable Console console) {
        return console != null && console.isTerminal();
    }
}
