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
    private Wasted wasted = Wasted.NONE;
    private @Nullable Charge charge;

    /** What an attempt without an answer is charged. */
    private record Wasted(Usage usage, long nanos) {
        static final Wasted NONE = new Wasted(Usage.NONE, 0);

        Wasted plus(Wasted other) {
            return new Wasted(usage.plus(other.usage), Money.plus(nanos, other.nanos));
        }

        /** {@return what suffices for either} */
        Wasted or(Wasted other) {
            return new Wasted(
                    usage.total() > other.usage.total() ? usage : other.usage,
                    Math.max(nanos, other.nanos));
        }
    }

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
        return takeShare(candidate, Wasted.NONE);
    }

    @Override
    public boolean takeShareBeside(Candidate candidate, Candidate running) {
        return takeShare(candidate, waste(candidate).or(waste(running)));
    }

    private boolean takeShare(Candidate candidate, Wasted beside) {
        Quote quote = quoteOf(candidate);
        if (charge != null || quote == null || !admission.mayGoUnpriced(quote, hold)) {
            return false;
        }
        if (!holds(quote, wasted.plus(beside))) {
            return false;
        }
        if (!quote.equals(current) && !admission.ledger().redirect(hold, quote.subjects())) {
            return false;
        }
        current = quote;
        return true;
    }

    /** What other attempts may have used is not there for this one: more is needed then. */
    private boolean holds(Quote quote, Wasted besides) {
        Amounts held = hold.amounts();
        long tokens = Money.plus(besides.usage().total(), quote.tokens());
        long nanos = Money.plus(besides.nanos(), quote.nanos());
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
    public void lost(Candidate candidate) {
        wasted = wasted.plus(waste(candidate));
    }

    private Wasted waste(Candidate candidate) {
        Quote known = quoteOf(candidate);
        Quote quote = known == null ? current : known;
        Usage usage = Usage.estimated(quote.input() / BYTES_A_TOKEN, 0);
        return new Wasted(usage, nanos(admission.pricing().cost(quote.price(), usage)));
    }

    @Override
    public Charge settle(Usage last, Ending ending, @Nullable String model) {
        Charge before = charge;
        if (before != null) {
            return before;
        }
        Cost cost = admission.pricing().cost(price(model), last);
        long nanos = Money.plus(nanos(cost), wasted.nanos());
        Usage usage = wasted.usage().plus(last);
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
