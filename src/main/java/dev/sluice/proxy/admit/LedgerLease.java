package dev.sluice.proxy.admit;

import dev.sluice.catalog.price.Money;
import dev.sluice.catalog.price.Price;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.Ending;
import dev.sluice.proxy.account.Opening.Reservation;
import dev.sluice.proxy.account.RequestRecord.Cost;
import dev.sluice.proxy.ledger.Amounts;
import dev.sluice.proxy.ledger.Hold;
import dev.sluice.proxy.route.Candidate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A lease on the ledger. Belongs to the exchange's event loop once the call has started. */
final class LedgerLease implements Lease {
    private static final long BYTES_A_TOKEN = 4;

    private final Admission admission;
    private final Hold hold;
    private final List<Quote> quotes;
    private final int clampedAnswers;
    private final Instant begun;
    private Quote current;
    private Usage lostUsage = Usage.NONE;
    private long lostNanos;
    private @Nullable Charge charge;

    /**
     * @param quotes of the candidates that may be tried, first the one for which is reserved
     * @param clampedAnswers into how many answers the output divides whose limit is to be written;
     *     0 leaves it
     */
    LedgerLease(
            Admission admission, Hold hold, List<Quote> quotes, int clampedAnswers, Instant begun) {
        this.admission = admission;
        this.hold = hold;
        this.quotes = quotes;
        this.clampedAnswers = clampedAnswers;
        this.begun = begun;
        this.current = quotes.getFirst();
    }

    @Override
    public List<Reservation> reservations() {
        return hold.budgetShares().stream()
                .map(share ->
                        new Reservation(
                                share.subject().scope().wireName(),
                                share.subject().id(),
                                share.limit().measure().wireName(),
                                share.amount()))
                .toList();
    }

    @Override
    public Charge worst() {
        Amounts amounts = hold.amounts();
        Usage usage = Usage.estimated(current.input(), amounts.tokens() - current.input());
        Cost cost = admission.pricing().cost(current.price(), usage);
        return new Charge(usage, current.isPriced() ? cost.withNanos(amounts.nanos()) : cost);
    }

    @Override
    public Candidate reservedFor() {
        return current.candidate();
    }

    @Override
    public @Nullable Long maxOutputTokens() {
        return clampedAnswers == 0 ? null : current.output() / clampedAnswers;
    }

    @Override
    public boolean takeShareFor(Candidate candidate) {
        Quote quote = quoteOf(candidate);
        if (charge != null || quote == null || !admission.mayGoUnpriced(quote, hold)) {
            return false;
        }
        if (!holds(quote)) {
            return false;
        }
        if (!quote.equals(current) && !admission.ledger().redirect(hold, quote.subjects())) {
            return false;
        }
        current = quote;
        return true;
    }

    /** What earlier attempts may have used is not there for this one: more is needed then. */
    private boolean holds(Quote quote) {
        Amounts held = hold.amounts();
        long tokens = Money.plus(lostUsage.total(), quote.tokens());
        long nanos = Money.plus(lostNanos, quote.nanos());
        if (tokens <= held.tokens() && nanos <= held.nanos()) {
            return true;
        }
        Amounts more =
                new Amounts(
                        0, Math.max(0, tokens - held.tokens()), Math.max(0, nanos - held.nanos()));
        return admission.ledger().extend(hold, more);
    }

    private @Nullable Quote quoteOf(Candidate candidate) {
        for (Quote quote : quotes) {
            if (quote.candidate().equals(candidate)) {
                return quote;
            }
        }
        return null;
    }

    @Override
    public void lost() {
        Usage usage = Usage.estimated(current.input() / BYTES_A_TOKEN, 0);
        lostUsage = lostUsage.plus(usage);
        lostNanos = Money.plus(lostNanos, nanos(admission.pricing().cost(current.price(), usage)));
    }

    @Override
    public Charge settle(Usage last, Ending ending, @Nullable String model) {
        Charge before = charge;
        if (before != null) {
            return before;
        }
        Cost cost = admission.pricing().cost(price(model), last);
        long nanos = Money.plus(nanos(cost), lostNanos);
        Usage usage = lostUsage.plus(last);
        Charge made = new Charge(usage, nanos == nanos(cost) ? cost : cost.withNanos(nanos));
        charge = made;
        admission
                .ledger()
                .settle(hold, new Amounts(ending == Ending.REFUSED ? 0 : 1, usage.total(), nanos));
        return made;
    }

    /** Of a raw call only the answer says which model it was. */
    private @Nullable Price price(@Nullable String model) {
        if (current.price() != null || model == null || !current.candidate().model().isEmpty()) {
            return current.price();
        }
        return admission.pricing().price(current.candidate().upstream(), model, begun).orElse(null);
    }

    private static long nanos(Cost cost) {
        return cost.nanos() == null ? 0 : cost.nanos();
    }
}
