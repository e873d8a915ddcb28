package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * Something that a request says and a dialect or upstream cannot be told, or only in another way
 * (wire-contract §2.2).
 *
 * @param code short and stable, for {@code x-sluice-warnings} and the record: {@code dropped:seed},
 *     {@code clamped:temperature}, {@code changed:reasoning_effort}, {@code estimated:usage}
 * @param param the client's own path of it, or null where it stands for the request as a whole
 * @param message one sentence that says what cannot be done, for the error if it is refused; holds
 *     no content
 */
public record Loss(String code, Severity severity, @Nullable String param, String message) {

    /** What becomes of the answer. */
    public enum Severity {
        /** Nothing: class S. */
        SILENT,
        /** It is weaker but still right: class W. */
        WEAKER,
        /** It would be wrong or unsafe: class R, the request is refused. */
        WRONG
    }

    public boolean isRefusal() {
        return severity == Severity.WRONG;
    }
}
