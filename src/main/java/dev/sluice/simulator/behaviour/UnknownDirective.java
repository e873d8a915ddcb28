package dev.sluice.simulator.behaviour;

/** A directive that cannot be read; the message says what can. */
public final class UnknownDirective extends Exception {
    private static final long serialVersionUID = 1L;

    private UnknownDirective(String message) {
        super(message, null, false, false);
    }

    static UnknownDirective word(String word) {
        return new UnknownDirective(
                "x-simulate: there is no directive '"
                        + word
                        + "'; there are "
                        + String.join(", ", Directive.words()));
    }

    static UnknownDirective value(Directive directive, String value) {
        return new UnknownDirective(
                "x-simulate: %s takes %s, not '%s'"
                        .formatted(directive.word(), directive.expects(), value));
    }

    static UnknownDirective chance(Directive directive, String chance) {
        return new UnknownDirective(
                "x-simulate: '%s@%s': only a fault has a chance, from 0%% to 100%%"
                        .formatted(directive.word(), chance));
    }
}
