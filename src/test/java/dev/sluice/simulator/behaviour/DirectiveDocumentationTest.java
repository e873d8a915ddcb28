package dev.sluice.simulator.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DirectiveDocumentationTest {

    @ParameterizedTest
    @EnumSource(Directive.class)
    void everyDirectiveIsDocumented(Directive directive) throws IOException {
        assertThat(Files.readString(Path.of("docs/simulator.md")))
                .containsPattern("`" + directive.word() + "[`=]");
    }
}
