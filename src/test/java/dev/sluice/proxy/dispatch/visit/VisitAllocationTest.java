package dev.sluice.proxy.dispatch.visit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import dev.sluice.catalog.Upstream;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.Usage;
import dev.sluice.http.Headers;
import dev.sluice.proxy.FakeTicker;
import dev.sluice.proxy.Fixtures;
import dev.sluice.proxy.call.Delivery;
import dev.sluice.proxy.dispatch.failure.FailureClass;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.target.CircuitBreaker;
import dev.sluice.proxy.target.Targets;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class VisitAllocationTest {
    private static final Delivery ANSWER =
            Delivery.completed(200, Usage.provider(10, 20), "m", 100, 3);
    private static final Headers HEADERS =
            Headers.of("x-ratelimit-limit-requests", "100")
                    .with("x-ratelimit-remaining-requests", "50");

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final Upstream upstream = Fixtures.upstream("a", "m");

    /** One process's life: nothing of another's is in it. */
    private final class Life {
        private final FakeTicker ticker = new FakeTicker();
        private final Visits visits =
                new Visits(new Targets(ticker, CircuitBreaker.Rules.STANDARD));
        private final Candidate candidate =
                new Candidate(upstream, "m", Protocol.OPENAI_CHAT, "test");
        private long made;

        /** Every tenth call fails, as some do everywhere. */
        void calls(int many) {
            for (int i = 0; i < many; i++) {
                Visits.Visitor visitor =
                        new Visits.Visitor(candidate, new UUID(1, ++made), Set.of());
                if (!(visits.insist(visitor) instanceof Visits.Entry.Open open)) {
                    throw new AssertionError("shut");
                }
                Visit visit = open.visit();
                visit.begin();
                ticker.advance(Duration.ofMillis(7));
                if (made % 10 == 0) {
                    visit.failed(FailureClass.TRANSIENT, null);
                } else {
                    visit.answered(HEADERS, true);
                    visit.delivered(ANSWER);
                }
            }
        }

        long bytesOfACall(int many) {
            long before = threads.getCurrentThreadAllocatedBytes();
            calls(many);
            return (threads.getCurrentThreadAllocatedBytes() - before) / many;
        }
    }

    @Test
    void whatACallAllocatesDoesNotGrowWithTheCallsBefore() {
        // What the compiler makes of the code has nothing to do with what is measured.
        new Life().calls(200_000);
        Life life = new Life();
        life.calls(100);
        long early = life.bytesOfACall(2_000);
        life.calls(100_000);
        long late = life.bytesOfACall(2_000);

        assertThat(late).isCloseTo(early, within(64L));
        assertThat(late).as("a visit, and little more").isLessThan(1_024);
    }
}
