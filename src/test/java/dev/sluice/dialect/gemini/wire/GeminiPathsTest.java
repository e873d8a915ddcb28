package dev.sluice.dialect.gemini.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.gemini.wire.GeminiPaths.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GeminiPathsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    /v1beta/models/gemini-3-pro:generateContent | gemini-3-pro | GENERATE
                    /v1/models/gemini-3-pro:streamGenerateContent | gemini-3-pro | STREAM
                    /v1beta/models/gemini-3-pro:countTokens | gemini-3-pro | COUNT
                    /v1beta/models/deepseek/deepseek-chat:free:generateContent | deepseek/deepseek-chat:free | GENERATE
                    /v1beta/models/deepseek%2Fdeepseek-chat%3Afree%3AgenerateContent | deepseek/deepseek-chat:free | GENERATE
                    /v1beta/models/accounts/a/models/llama:generateContent | accounts/a/models/llama | GENERATE
                    /v1beta/tunedModels/mine:generateContent | tunedModels/mine | GENERATE
                    /v1beta1/projects/p/locations/l/publishers/google/models/g:generateContent | g | GENERATE
                    /gemini/v1beta/models/m+1:generateContent | m+1 | GENERATE
                    """)
    void theModelIsWhatStandsBeforeTheLastColon(String path, String model, Method method) {
        assertThat(GeminiPaths.read(path, null))
                .contains(new GeminiPaths.Call(model, method, false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1beta/models/gemini-3-pro",
                "/v1beta/models/gemini-3-pro:embedContent",
                "/v1beta/models/:generateContent",
                "/v1beta/files/x:generateContent",
                "/v1beta/models/%zz:generateContent",
                "",
                ":"
            })
    void whatIsNoMethodOfAModelIsNothing(String path) {
        assertThat(GeminiPaths.read(path, null)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            value = {
                "alt=sse, true",
                "key=x&alt=sse, true",
                "$alt=sse&key=x, true",
                "alt=json, false",
                "walt=sse, false",
                "'', false"
            })
    void onlyTheQueryAsksForEvents(String query, boolean events) {
        GeminiPaths.Call call =
                GeminiPaths.read("/v1beta/models/m:streamGenerateContent", query).orElseThrow();

        assertThat(call.isStream()).isTrue();
        assertThat(call.serverSentEvents()).isEqualTo(events);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    gemini-3-pro | STREAM | models/gemini-3-pro:streamGenerateContent?alt=sse
                    gemini-3-pro | GENERATE | models/gemini-3-pro:generateContent
                    gemini-3-pro | COUNT | models/gemini-3-pro:countTokens
                    models/x | GENERATE | models/x:generateContent
                    tunedModels/x | GENERATE | tunedModels/x:generateContent
                    a/b:free | GENERATE | models/a/b:free:generateContent
                    a b?c#d%e | GENERATE | models/a%20b%3Fc%23d%25e:generateContent
                    ../../files/x | GENERATE | models/%2E%2E/%2E%2E/files/x:generateContent
                    é | GENERATE | models/%C3%A9:generateContent
                    """)
    void anUpstreamIsAskedForEventsWhateverTheClientWants(
            String model, Method method, String path) {
        assertThat(GeminiPaths.upstream(model, method)).isEqualTo(path);
    }

    @Test
    void whatAnUpstreamIsAskedIsReadAgain() {
        String path = GeminiPaths.upstream("vendor/m:free", Method.STREAM);
        String[] halves = ("/v1beta/" + path).split("\\?", 2);

        assertThat(GeminiPaths.read(halves[0], halves[1]))
                .contains(new GeminiPaths.Call("vendor/m:free", Method.STREAM, true));
    }
}
