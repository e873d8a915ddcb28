package dev.sluice.simulator.endpoint;

import org.jspecify.annotations.Nullable;

/** Why a request is not answered, before any dialect has put it in its own words. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final @Nullable String code;
    private final @Nullable String param;

    public Refusal(int status, @Nullable String code, String message, @Nullable String param) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.param = param;
    }

    public static Refusal invalid(String message, @Nullable String param) {
        return new Refusal(400, null, message, param);
    }

    /** {@return the error that was asked for by its status alone} */
    public static Refusal simulated(int status) {
        String message =
                switch (status) {
                    case 401 -> "Incorrect API key provided.";
                    case 402 -> "Insufficient balance.";
                    case 403 -> "This key is not allowed to do that.";
                    case 404 -> "The requested resource does not exist.";
                    case 408, 504 -> "The request took too long.";
                    case 413 -> "The request is too large.";
                    case 429 -> "Rate limit reached. Please try again later.";
                    case 503, 529 -> "The model is overloaded. Please try again later.";
                    default ->
                            status >= 500
                                    ? "The server had an error while processing your request."
                                    : "The request was refused.";
                };
        return new Refusal(status, null, message + " (simulated)", null);
    }

    public int status() {
        return status;
    }

    public @Nullable String code() {
        return code;
    }

    public @Nullable String param() {
        return param;
    }

    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
