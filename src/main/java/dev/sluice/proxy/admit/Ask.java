package dev.sluice.proxy.admit;

import dev.sluice.catalog.price.Money;
import dev.sluice.catalog.price.Price;
import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.account.Pricing;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.Plan;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a call asks for, from which its worst case at each candidate follows. */
sealed interface Ask {

    /**
     * {@return what the call may cost at most at each candidate}
     *
     * @param clamp the limit of output to be written into it, or null for none
     */
    List<Quote> quotes(Pricing pricing, @Nullable Long clamp, Instant at);

    /** {@return the most that the call may cost at that price with so much output} */
    long worstNanos(Pricing pricing, Price price, long output);

    /** {@return into how many answers a limit of output divides; 0 if none can be written} */
    int clampableAnswers();

    static Ask of(InboundRequest request, Plan plan, AdmissionPolicy policy) {
        return new Chat(
                plan.candidates(),
                InputBound.of(request, policy.mediaTokens()),
                request.units().most(),
                request.peek().maxOutputTokens(),
                request.peek().choices(),
                policy.defaultOutputTokens());
    }

    static Ask raw(RawCall call, AdmissionPolicy policy) {
        return new Raw(call, policy.defaultOutputTokens());
    }

    /**
     * A call that has been read.
     *
     * @param input the bound of its input
     * @param units the most that it is billed by other units than tokens
     * @param maxOutput the client's own limit for each answer, or null
     */
    record Chat(
            List<Candidate> candidates,
            long input,
            Units units,
            @Nullable Long maxOutput,
            int answers,
            long defaultOutput)
            implements Ask {

        @Override
        public List<Quote> quotes(Pricing pricing, @Nullable Long clamp, Instant at) {
            List<Quote> quotes = new ArrayList<>(candidates.size());
            for (Candidate candidate : candidates) {
                Price price =
                        pricing.price(candidate.upstream(), candidate.model(), at).orElse(null);
                long output = Math.min(Money.times(output(price, clamp), answers), Usage.MOST);
                long nanos = price == null ? 0 : worstNanos(pricing, price, output);
                quotes.add(new Quote(candidate, price, input, output, nanos, price != null));
            }
            return quotes;
        }

        @Override
        public long worstNanos(Pricing pricing, Price price, long output) {
            return pricing.worstNanos(price, input, output, units);
        }

        private long output(@Nullable Price price, @Nullable Long clamp) {
            if (maxOutput != null) {
                return maxOutput;
            }
            Long ofModel = price == null ? null : price.maxOutputTokens();
            long most = ofModel == null ? defaultOutput : ofModel;
            return clamp == null ? most : Math.min(most, clamp);
        }

        @Override
        public int clampableAnswers() {
            return maxOutput == null ? answers : 0;
        }
    }

    /** A call whose model is not known: it may be the dearest of its upstream. */
    record Raw(RawCall call, long defaultOutput) implements Ask {

        @Override
        public List<Quote> quotes(Pricing pricing, @Nullable Long clamp, Instant at) {
            Candidate candidate = call.candidate();
            return switch (call.kind()) {
                case LOOK -> List.of(new Quote(candidate, null, 0, 0, 0, true));
                case OTHER -> List.of(new Quote(candidate, null, 0, 0, 0, false));
                case GENERATION -> {
                    long input = call.bytes() < 0 ? defaultOutput : call.bytes();
                    long nanos =
                            pricing.worstNanosAt(candidate.upstream(), input, defaultOutput, at);
                    yield List.of(
                            new Quote(
                                    candidate,
                                    null,
                                    input,
                                    defaultOutput,
                                    Math.max(0, nanos),
                                    nanos >= 0));
                }
            };
        }

        /** No limit of output is ever written into what is not read. */
        @Override
        public long worstNanos(Pricing pricing, Price price, long output) {
            return Long.MAX_VALUE;
        }

        @Override
        public int clampableAnswers() {
            return 0;
        }
    }
}
