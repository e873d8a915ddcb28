package dev.sluice.proxy.admit;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.http.Headers;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.ledger.Decision.Shortage;
import org.jspecify.annotations.Nullable;

/**
 * Says to a client why its call does not fit: whose limit it is, how much is used of it, and when
 * to come back (wire-contract §2.11).
 */
final class Shortages {
    /** When running calls end is not known; most end within seconds. */
    private static final long SOON_MILLIS = 1_000;

    private Shortages() {}

    static GatewayException refusal(Shortage shortage) {
        boolean isSpent = isSpent(shortage);
        ErrorKind kind = isSpent ? ErrorKind.BUDGET_EXHAUSTED : ErrorKind.LIMITED;
        String code = isSpent ? "insufficient_quota" : "rate_limit_exceeded";
        return new GatewayException(
                ChatError.of(kind, code, message(shortage)),
                Fault.CLIENT,
                retryAfter(shortage),
                headers(shortage));
    }

    private static boolean isSpent(Shortage shortage) {
        return shortage.limit().isBudget() && !shortage.onlyReserved();
    }

    private static @Nullable Long retryAfter(Shortage shortage) {
        if (shortage.isForEver()) {
            return null;
        }
        Long fits = shortage.fitsInMillis();
        return fits == null ? SOON_MILLIS : fits;
    }

    private static String message(Shortage shortage) {
        Limit limit = shortage.limit();
        StringBuilder message = new StringBuilder(200);
        message.append(limit.isBudget() ? "The budget " : "The limit ")
                .append(of(shortage.subject()))
                .append(" is ")
                .append(limit.shown(limit.amount()))
                .append(' ')
                .append(limit.name())
                .append(": ")
                .append(limit.shown(shortage.used()))
                .append(" used, ")
                .append(limit.shown(shortage.reserved()))
                .append(" reserved by running calls, and this call may need ")
                .append(limit.shown(shortage.wanted()))
                .append('.');
        return message.append(advice(shortage)).toString();
    }

    private static String advice(Shortage shortage) {
        if (shortage.wanted() > shortage.limit().amount()) {
            return shortage.limit().measure() == Measure.REQUESTS
                    ? " No call fits."
                    : " It can never fit: ask for less output or send less input.";
        }
        if (shortage.resetsAt() != null) {
            return " It resets at " + shortage.resetsAt() + ".";
        }
        return shortage.isForEver() ? " It does not reset." : "";
    }

    private static String of(Subject subject) {
        return switch (subject.scope()) {
            case GLOBAL -> "of this gateway";
            case ORGANIZATION -> "of your organization";
            case USER -> "of your user";
            case KEY -> "of this API key";
            case UPSTREAM -> "of the upstream";
            case MODEL -> "of this model";
        };
    }

    private static Headers headers(Shortage shortage) {
        Headers headers = Headers.EMPTY;
        Limit limit = shortage.limit();
        if (limit.measure() != Measure.MONEY) {
            String what = limit.measure().wireName();
            headers =
                    headers.with("x-ratelimit-limit-" + what, Long.toString(limit.amount()))
                            .with("x-ratelimit-remaining-" + what, Long.toString(shortage.left()));
            Long fits = shortage.fitsInMillis();
            if (fits != null) {
                headers = headers.with("x-ratelimit-reset-" + what, seconds(fits));
            }
        }
        return shortage.isForEver() || isSpent(shortage)
                ? headers.with("x-should-retry", "false")
                : headers;
    }

    /** {@return a duration as OpenAI writes it, such as {@code 1.2s}} */
    private static String seconds(long millis) {
        return millis % 1000 == 0
                ? millis / 1000 + "s"
                : millis / 1000 + "." + "%03d".formatted(millis % 1000) + "s";
    }
}
