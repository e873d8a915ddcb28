package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Scope;
import dev.sluice.proxy.ledger.MemoryLedger.Unprimed;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * Tells budgets what was spent before they were made: at the start, and when one is new amid its
 * period. Blocking; never called for a call.
 */
public final class Priming {
    private final MemoryLedger ledger;
    private final SpendHistory history;

    public Priming(MemoryLedger ledger, SpendHistory history) {
        this.ledger = ledger;
        this.history = history;
    }

    private record Question(Scope scope, long intervalStart, Instant before) {
        SpendHistory.Span span() {
            Instant from =
                    intervalStart == Long.MIN_VALUE ? null : Instant.ofEpochMilli(intervalStart);
            return new SpendHistory.Span(scope, from, before);
        }
    }

    /**
     * Primes every budget that needs it. When the history cannot be asked, its exception passes,
     * and what is not primed is asked for again by the next call of this.
     */
    public void run() {
        List<Unprimed> missing = ledger.unprimed();
        Map<Question, Set<UUID>> questions = new HashMap<>();
        for (Unprimed unprimed : missing) {
            questions
                    .computeIfAbsent(question(unprimed), _ -> new HashSet<>())
                    .add(unprimed.subject().id());
        }
        Map<Question, Map<UUID, Amounts>> answers = new HashMap<>();
        questions.forEach(
                (question, ids) -> answers.put(question, history.spent(question.span(), ids)));
        for (Unprimed unprimed : missing) {
            Map<UUID, Amounts> answer = answers.getOrDefault(question(unprimed), Map.of());
            ledger.prime(unprimed, answer.getOrDefault(unprimed.subject().id(), Amounts.NOTHING));
        }
    }

    /** {@return whether every budget knows all that was spent} */
    public boolean isComplete() {
        return ledger.unprimed().isEmpty();
    }

    private static Question question(Unprimed unprimed) {
        return new Question(
                unprimed.subject().scope(), unprimed.intervalStart(), unprimed.before());
    }
}
