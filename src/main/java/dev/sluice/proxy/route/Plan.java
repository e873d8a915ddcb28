package dev.sluice.proxy.route;

import java.util.List;
import java.util.stream.Collectors;

/** The candidates for one call, best first; never empty. */
public record Plan(List<Candidate> candidates) {
    public Plan {
        candidates = List.copyOf(candidates);
        if (candidates.isEmpty()) {
            throw new IllegalArgumentException("a plan has at least one candidate");
        }
    }

    /** {@return why these, in this order: for the record} */
    public String trail() {
        return candidates.stream()
                .map(candidate -> candidate.upstream().name() + "=" + candidate.reason())
                .collect(Collectors.joining(" > "));
    }
}
