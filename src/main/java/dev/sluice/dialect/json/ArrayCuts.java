package dev.sluice.dialect.json;

import dev.sluice.dialect.peek.RequestPeek.Span;
import java.util.ArrayList;
import java.util.List;

/** Takes elements out of an array, or members out of an object, whose other bytes stay. */
public final class ArrayCuts {
    private ArrayCuts() {}

    /**
     * An element, or a member from its name to the end of its value.
     *
     * @param goes whether it is to be taken out
     */
    public record Element(Span span, boolean goes) {}

    /** {@return those cuts that do not lie within one of the others} */
    public static List<Span> outside(List<Span> cuts, List<Span> others) {
        return cuts.stream()
                .filter(cut ->
                        others.stream()
                                .noneMatch(other ->
                                        cut.start() >= other.start() && cut.end() <= other.end()))
                .toList();
    }

    /** {@return what to cut so that exactly one comma stays between those that stay} */
    public static List<Span> of(List<Element> elements) {
        List<Span> cuts = new ArrayList<>();
        boolean kept = false;
        for (int i = 0; i < elements.size(); i++) {
            Span span = elements.get(i).span();
            if (!elements.get(i).goes()) {
                kept = true;
            } else if (kept) {
                cuts.add(new Span(elements.get(i - 1).span().end(), span.end()));
            } else if (i + 1 < elements.size()) {
                cuts.add(new Span(span.start(), elements.get(i + 1).span().start()));
            } else {
                cuts.add(span);
            }
        }
        return cuts;
    }
}
