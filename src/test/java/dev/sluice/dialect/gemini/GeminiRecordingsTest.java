package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.chat.UpstreamError;
import dev.sluice.dialect.Recordings;
import dev.sluice.dialect.Recordings.Recording;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Gemini's recordings have beside answers. */
class GeminiRecordingsTest {
    private static final String DIALECT = "gemini";

    @BeforeEach
    void theRecordingsAreThere() {
        assumeTrue(Recordings.folder().isPresent(), "the recordings are not beside this checkout");
    }

    @Test
    void everyRecordedErrorIsReadWithItsOwnStatusWord() throws IOException {
        List<Recording> errors = recordings("error");
        for (Recording recording : errors) {
            UpstreamError error = new GeminiDialect().readError(0, recording.bytes(DIALECT));
            assertThat(error.status()).as(recording.name()).isBetween(400, 599);
            assertThat(error.type()).as(recording.name()).matches("[A-Z_]+");
        }
        assertThat(errors).hasSizeGreaterThan(10);
    }

    @Test
    void everyRecordedCountIsRead() throws IOException {
        List<Long> counts = new ArrayList<>();
        for (Recording recording : recordings("unary")) {
            GeminiCountTokens.readAnswer(recording.bytes(DIALECT)).ifPresent(counts::add);
        }
        assertThat(counts).contains(1837L).hasSizeGreaterThan(1);
    }

    private static List<Recording> recordings(String kind) throws IOException {
        return Recordings.of(DIALECT).stream()
                .filter(recording -> recording.kind().equals(kind))
                .toList();
    }
}
