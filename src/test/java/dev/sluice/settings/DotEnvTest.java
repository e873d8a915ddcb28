package dev.sluice.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotEnvTest {
    private final List<Problem> problems = new ArrayList<>();

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '|',
            textBlock =
                    """
                    A=plain                    | plain
                    A = spaced out             | spaced out
                    export A=exported          | exported
                    A=value # comment          | value
                    A=value#not-a-comment      | value#not-a-comment
                    A="with # inside"          | with # inside
                    A='single $HOME "quotes"'  | single $HOME "quotes"
                    A="say \\"hi\\" \\$5"      | say "hi" $5
                    A="tail" # comment         | tail
                    A=a=b=c                    | a=b=c
                    """)
    void aLineIsReadAsShellsWriteIt(String line, String value) {
        assertThat(texts(line)).containsExactly(Map.entry("A", value));
        assertThat(problems).isEmpty();
    }

    @Test
    void aQuotedValueSpansLinesAndTheNextOneKeepsItsLineNumber() {
        Map<String, Said> values =
                read(
                        """
                        # a comment

                        UPSTREAMS='[
                          {"name": "one"},
                          {"name": "two"}
                        ]'
                        PORT=9000
                        """);

        assertThat(values)
                .containsEntry(
                        "UPSTREAMS",
                        new Said("[\n  {\"name\": \"one\"},\n  {\"name\": \"two\"}\n]", ".env:3"))
                .containsEntry("PORT", new Said("9000", ".env:7"));
    }

    @Test
    void escapesMeanSomethingInDoubleQuotesOnly() {
        Map<String, String> values = texts("A=\"one\\ntwo\\t\\\\\"\nB='one\\ntwo'\nC=one\\ntwo\n");

        assertThat(values).containsEntry("A", "one\ntwo\t\\");
        assertThat(values).containsEntry("B", "one\\ntwo");
        assertThat(values).containsEntry("C", "one\\ntwo");
    }

    @Test
    void theLastOfSeveralWinsAndWindowsLinesAreLines() {
        assertThat(read("A=1\r\nA=2\r\nB=3\r\n"))
                .containsEntry("A", new Said("2", ".env:2"))
                .containsEntry("B", new Said("3", ".env:3"));
    }

    @Test
    void anEmptyFileSaysNothing() {
        assertThat(read("")).isEmpty();
        assertThat(read("\n\n# only a comment")).isEmpty();
        assertThat(problems).isEmpty();
    }

    @Test
    void aLineWithoutAnEqualsSignIsToldWithItsPlace() {
        assertThat(read("PORT=1\nnonsense\nHOST=x\n")).containsOnlyKeys("PORT", "HOST");
        assertThat(problems)
                .containsExactly(
                        new Problem("nonsense", ".env:2", "There is no '='.", "Write NAME=value."));
    }

    @Test
    void anOpenQuoteIsToldWhereItBegan() {
        read("PORT=1\nADMIN_TOKEN=\"oops\nHOST=x\n");

        assertThat(problems).hasSize(1);
        assertThat(problems.getFirst().place()).isEqualTo(".env:2");
        assertThat(problems.getFirst().key()).isEqualTo("ADMIN_TOKEN");
        assertThat(problems.getFirst().toString()).doesNotContain("oops");
    }

    private Map<String, Said> read(String text) {
        return DotEnv.read(".env", text, problems);
    }

    private Map<String, String> texts(String text) {
        Map<String, String> texts = new LinkedHashMap<>();
        read(text).forEach((name, said) -> texts.put(name, said.text()));
        return texts;
    }
}
