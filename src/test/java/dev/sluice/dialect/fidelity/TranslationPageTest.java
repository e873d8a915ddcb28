package dev.sluice.dialect.fidelity;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.fidelity.Fidelity.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the dialects to the fidelity contract, and docs/translation.md to the dialects. {@code
 * -Dtranslation.update} writes the page anew.
 */
class TranslationPageTest {
    private static final Path PAGE = Path.of("docs/translation.md");

    static Stream<Dialect> dialects() {
        return Fidelity.DIALECTS.stream();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void nothingThatAClientSaysIsLostInSilence(Dialect client) throws IOException {
        Probe.File file = Probe.read(TranslationPage.requests(client));
        List<String> lost = new ArrayList<>();
        for (Probe probe : file.probes()) {
            for (Dialect upstream : Fidelity.DIALECTS) {
                Outcome outcome = new Fidelity(client, upstream, file.bare(), probe).outcome();
                if (outcome instanceof Outcome.Wrong wrong) {
                    lost.add(probe + " to " + upstream.protocol().wireName() + ": " + wrong.why());
                }
            }
        }
        assertThat(lost).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("dialects")
    void nothingThatAnUpstreamAnswersIsLostInSilence(Dialect upstream) throws IOException {
        Probe.File file = Probe.read(TranslationPage.answers(upstream));
        List<String> lost = new ArrayList<>();
        for (Probe probe : file.probes()) {
            for (Dialect client : Fidelity.DIALECTS) {
                Outcome outcome =
                        new AnswerFidelity(upstream, client, file.bare(), probe).outcome();
                if (outcome instanceof Outcome.Wrong wrong) {
                    lost.add(probe + " to " + client.protocol().wireName() + ": " + wrong.why());
                }
            }
        }
        assertThat(lost).isEmpty();
    }

    @Test
    void thePageSaysWhatTheDialectsDo() throws IOException {
        String expected = TranslationPage.text();
        if (System.getProperty("translation.update") != null) {
            Files.writeString(PAGE, expected);
            return;
        }
        assertThat(Files.readString(PAGE))
                .as("run the test with -Dtranslation.update to write the page anew")
                .isEqualTo(expected);
    }
}
