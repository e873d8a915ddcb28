package dev.sluice.proxy.call;

import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Fault;
import org.jspecify.annotations.Nullable;

/**
 * How an answer ended, as the client saw it, and what is known to have been used.
 *
 * @param status what the client got; 499 when it left before any
 * @param model the model that the upstream says answered, or null
 */
public record Delivery(
        Ending ending,
        int status,
        @Nullable Fault fault,
        @Nullable String errorCode,
        @Nullable String errorText,
        Usage usage,
        @Nullable String model,
        long bytes,
        long chunks) {

    public static final int CLIENT_CLOSED_REQUEST = 499;

    public static Delivery completed(
            int status, Usage usage, @Nullable String model, long bytes, long chunks) {
        return new Delivery(
                Ending.COMPLETED, status, null, null, null, usage, model, bytes, chunks);
    }

    public static Delivery refused(
            Ending ending,
            int status,
            Fault fault,
            @Nullable String code,
            String text,
            long bytes) {
        return new Delivery(ending, status, fault, code, text, Usage.NONE, null, bytes, 0);
    }

    public static Delivery clientLeft(
            int status, Usage usage, @Nullable String model, long bytes, long chunks) {
        return new Delivery(
                Ending.CLIENT_LEFT,
                status,
                Fault.CLIENT,
                "client_left",
                "The client closed the connection before the answer was whole.",
                usage,
                model,
                bytes,
                chunks);
    }
}
