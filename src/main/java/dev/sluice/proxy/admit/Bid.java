package dev.sluice.proxy.admit;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.catalog.price.Price;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.account.Fault;
import dev.sluice.proxy.ledger.Amounts;
import dev.sluice.proxy.ledger.Decision;
import dev.sluice.proxy.ledger.Decision.Shortage;
import dev.sluice.proxy.ledger.Hold;
import dev.sluice.proxy.ledger.SpendLedger.Claim;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One call's way to its reservation. It asks for the worst case of its dearest candidate; where
 * that does not fit it goes without the candidates that are too dear, then with a limit of output
 * that fits, and is refused in the end.
 */
final class Bid {
    /** Each round lowers what is asked for; whoever needs more has lost a race to other calls. */
    private static final int MOST_ROUNDS = 6;

    private final Admission admission;
    private final ApiKey key;
    private final Ask ask;
    private final Instant begun;
    private List<Quote> quotes;
    private @Nullable Long clamp;

    Bid(Admission admission, ApiKey key, Ask ask, Instant begun) {
        this.admission = admission;
        this.key = key;
        this.ask = ask;
        this.begun = begun;
        this.quotes = ask.quotes(admission.pricing(), null, begun);
    }

    /**
     * {@return what is reserved}
     *
     * @throws GatewayException if nothing fits
     */
    Lease lease() {
        Shortage last = null;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            switch (reserve()) {
                case Decision.Granted granted -> {
                    if (keepsToPriced(granted.hold())) {
                        int clamped = clamp == null ? 0 : ask.clampableAnswers();
                        return new LedgerLease(admission, granted.hold(), quotes, clamped, begun);
                    }
                }
                case Shortage shortage -> {
                    if (!givesWay(shortage)) {
                        throw Shortages.refusal(shortage);
                    }
                    last = shortage;
                }
                case Decision.Unknown _ -> throw unknown();
            }
        }
        throw last == null ? unpriced() : Shortages.refusal(last);
    }

    /** Reserves for the first candidate whose upstream and model have room. */
    private Decision reserve() {
        Subject[] call = callSubjects();
        Amounts worst = worst();
        Shortage missing = null;
        for (int i = 0; i < quotes.size(); i++) {
            Claim claim = new Claim(call, quotes.get(i).subjects(), worst, begun);
            switch (admission.ledger().reserve(claim)) {
                case Decision.Granted granted -> {
                    quotes = quotes.subList(i, quotes.size());
                    return granted;
                }
                case Shortage shortage -> {
                    if (!isOfAttempt(shortage)) {
                        return shortage;
                    }
                    missing = missing == null ? shortage : missing;
                }
                case Decision.Unknown unknown -> {
                    return unknown;
                }
            }
        }
        if (missing == null) {
            throw new IllegalStateException("a plan has at least one candidate");
        }
        return missing;
    }

    private static boolean isOfAttempt(Shortage shortage) {
        return switch (shortage.subject().scope()) {
            case UPSTREAM, MODEL -> true;
            case GLOBAL, ORGANIZATION, USER, KEY -> false;
        };
    }

    private Subject[] callSubjects() {
        List<Subject> subjects = new ArrayList<>(4);
        subjects.add(Subject.global());
        if (key.organizationId() != null) {
            subjects.add(Subject.organization(key.organizationId()));
        }
        if (key.userId() != null) {
            subjects.add(Subject.user(key.userId()));
        }
        subjects.add(Subject.key(key.id()));
        return subjects.toArray(Subject[]::new);
    }

    private Amounts worst() {
        long tokens = 0;
        long nanos = 0;
        for (Quote quote : quotes) {
            tokens = Math.max(tokens, quote.tokens());
            nanos = Math.max(nanos, quote.nanos());
        }
        return Amounts.ofCall(tokens, nanos);
    }

    /**
     * Where money is limited, candidates without a price drop out: what they cost would be nobody's
     * guess. {@return whether what is reserved stays}
     */
    private boolean keepsToPriced(Hold hold) {
        List<Quote> allowed =
                quotes.stream().filter(quote -> admission.mayGoUnpriced(quote, hold)).toList();
        if (allowed.size() == quotes.size()) {
            return true;
        }
        admission.ledger().settle(hold, Amounts.NOTHING);
        if (allowed.isEmpty()) {
            throw unpriced();
        }
        quotes = allowed;
        return false;
    }

    private static GatewayException unknown() {
        return GatewayException.overloaded(
                "spend_unknown",
                "The gateway does not know yet what has been spent of a budget that this call"
                        + " counts against. Try again in a moment.");
    }

    private GatewayException unpriced() {
        String model = quotes.getFirst().candidate().model();
        return new GatewayException(
                ChatError.of(
                        ErrorKind.FORBIDDEN,
                        "model_unpriced",
                        "Money is limited for this call, and "
                                + (model.isEmpty()
                                        ? "what it costs is not known"
                                        : "the model '" + model + "' has no price")
                                + ". An administrator can set one under /admin/prices."),
                Fault.CLIENT,
                null);
    }

    /** Asks for less. {@return whether there is less to ask for} */
    private boolean givesWay(Shortage shortage) {
        Measure measure = shortage.limit().measure();
        if (measure == Measure.REQUESTS || measure == Measure.CONCURRENCY) {
            return false;
        }
        List<Quote> affordable =
                quotes.stream().filter(quote -> amount(quote, measure) <= shortage.left()).toList();
        if (!affordable.isEmpty() && affordable.size() < quotes.size()) {
            quotes = affordable;
            return true;
        }
        return clampsTo(shortage.left(), measure);
    }

    private static long amount(Quote quote, Measure measure) {
        return measure == Measure.MONEY ? quote.nanos() : quote.tokens();
    }

    private boolean clampsTo(long left, Measure measure) {
        int answers = ask.clampableAnswers();
        if (answers == 0 || !key.rules().clampsOutput()) {
            return false;
        }
        Quote quote = quotes.getFirst();
        long output =
                measure == Measure.MONEY
                        ? outputForMoney(quote, left)
                        : Math.max(0, left - quote.input());
        long fitting = output / answers;
        if (fitting < admission.policy().smallestClamp() || (clamp != null && fitting >= clamp)) {
            return false;
        }
        clamp = fitting;
        quotes = ask.quotes(admission.pricing(), clamp, begun);
        return true;
    }

    /** {@return the largest output whose worst case costs no more than that} */
    private long outputForMoney(Quote quote, long nanos) {
        Price price = quote.price();
        if (price == null) {
            return 0;
        }
        long fits = 0;
        long tooMuch = quote.output();
        while (tooMuch - fits > 1) {
            long middle = fits + (tooMuch - fits) / 2;
            if (ask.worstNanos(admission.pricing(), price, middle) <= nanos) {
                fits = middle;
            } else {
                tooMuch = middle;
            }
        }
        return fits;
    }
}
