package dev.sluice.proxy.admit;

import dev.sluice.catalog.limit.Subject;
import dev.sluice.catalog.price.Money;
import dev.sluice.catalog.price.Price;
import dev.sluice.proxy.ledger.Amounts;
import dev.sluice.proxy.route.Candidate;
import org.jspecify.annotations.Nullable;

/**
 * What a call may cost at most at one candidate.
 *
 * @param price null while nothing prices the model there, or the model is not known yet
 * @param output of all answers together
 * @param nanos 0 without a price
 * @param isPriced whether {@code nanos} is a bound at all
 */
record Quote(
        Candidate candidate,
        @Nullable Price price,
        long input,
        long output,
        long nanos,
        boolean isPriced) {

    long tokens() {
        return Money.plus(input, output);
    }

    Amounts amounts() {
        return Amounts.ofCall(tokens(), nanos);
    }

    Subject[] subjects() {
        Subject upstream = Subject.upstream(candidate.upstream().id());
        return candidate.model().isEmpty()
                ? new Subject[] {upstream}
                : new Subject[] {upstream, Subject.model(candidate.model())};
    }
}
