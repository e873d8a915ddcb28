package dev.sluice.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.peek.UpstreamReference;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GeminiReferencesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            nullValues = "-",
            textBlock =
                    """
                    {'cachedContent':'cachedContents/abc'}                                  | CACHED_CONTENT cachedContents/abc
                    {'cached_content':'cachedContents/abc'}                                 | CACHED_CONTENT cachedContents/abc
                    {'contents':[{'parts':[{'fileData':{'fileUri':'files/abc'}}]}]}         | FILE files/abc
                    {'contents':[{'parts':[{'file_data':{'file_uri':'https://generativelanguage.googleapis.com/v1beta/files/abc'}}]}]} | FILE files/abc
                    {'contents':[{'parts':[{'fileData':{'fileUri':'https://generativelanguage.googleapis.com/download/v1beta/files/abc:download?alt=media'}}]}]} | FILE files/abc
                    {'contents':[{'parts':[{'fileData':{'fileUri':'HTTPS://GenerativeLanguage.googleapis.com:443/v1beta/files/abc'}}]}]} | FILE files/abc
                    {'contents':[{'parts':[{'fileData':{'fileUri':'https://example.com/files/abc'}}]}]} | -
                    {'contents':[{'parts':[{'fileData':{'fileUri':'https://www.youtube.com/watch?v=x'}}]}]} | -
                    {'contents':[{'parts':[{'fileData':{'fileUri':'gs://bucket/files/abc'}}]}]} | -
                    {'contents':[{'parts':[{'functionCall':{'args':{'fileUri':'files/abc'}}}]}]} | -
                    {'tools':[{'functionDeclarations':[{'parameters':{'cachedContent':'x'}}]}]}  | -
                    {'contents':[{'parts':[{'text':'cachedContent files/abc'}]}]}           | -
                    """)
    void whatGoogleKeepsIsFoundByItsName(String body, @Nullable String expected) {
        String found =
                new GeminiDialect()
                                .references(
                                        body.replace('\'', '"').getBytes(StandardCharsets.UTF_8))
                                .stream()
                                .map(GeminiReferencesTest::told)
                                .collect(Collectors.joining(","));

        assertThat(found).isEqualTo(expected == null ? "" : expected);
    }

    private static String told(UpstreamReference reference) {
        return reference.kind() + " " + reference.id();
    }
}
