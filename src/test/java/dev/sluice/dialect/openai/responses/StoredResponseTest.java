package dev.sluice.dialect.openai.responses;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.Recordings;
import dev.sluice.dialect.Recordings.Recording;
import dev.sluice.dialect.Streams;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The id by which an upstream keeps a response is found where it is first said. */
class StoredResponseTest {
    private static final String DIALECT = "openai-responses";

    static Stream<Recording> streams() throws IOException {
        return Recordings.of(DIALECT).stream()
                .filter(recording -> recording.kind().equals("stream"));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("streams")
    void aRecordedStreamNamesItsAnswerInItsFirstEvent(Recording recording) throws IOException {
        assertThat(StoredResponse.in(Streams.split(recording.bytes(DIALECT)).getFirst()))
                .isPresent();
    }
}
