package dev.sluice.command;

import dev.sluice.settings.InvalidSettings;
import java.net.BindException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Says what went wrong in words for operators, without a stack trace. */
public final class Failures implements IExecutionExceptionHandler {
    /** The exit code of whatever could not start, or failed. */
    public static final int FAILED = 1;

    @Override
    public int handleExecutionException(Exception failure, CommandLine line, ParseResult parsed) {
        if (failure instanceof InvalidSettings invalid) {
            line.getErr().println("sluice does not start, because of its settings:");
            invalid.problems().forEach(problem -> line.getErr().println("  " + problem));
        } else {
            line.getErr().println("sluice: " + message(failure));
        }
        line.getErr().flush();
        return FAILED;
    }

    private static String message(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return "cannot listen there: %s. Choose another port (--port, PORT), or end what uses it."
                        .formatted(cause.getMessage());
            }
        }
        String message = failure.getMessage();
        return message == null ? failure.toString() : message;
    }
}
