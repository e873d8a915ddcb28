package dev.sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.cloud.VertexEndpoints;
import dev.sluice.chat.Protocol;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EndpointsTest {

    @ParameterizedTest
    @CsvSource({
        "https://a.example,                , https://a.example/v1/chat/completions",
        "https://a.example/,               , https://a.example/v1/chat/completions",
        "https://a.example/v1,             , https://a.example/v1/chat/completions",
        "https://a.example/v1/,            , https://a.example/v1/chat/completions",
        "https://a.example/openai/v1,      , https://a.example/openai/v1/chat/completions",
        "https://a.example/api/v4/x,       , https://a.example/api/v4/x/chat/completions",
        "https://a.example/v1beta/openai,  , https://a.example/v1beta/openai/chat/completions",
        "https://a.example/version/vx,     , https://a.example/version/vx/v1/chat/completions",
        "https://a.example/v1,      /talk  , https://a.example/v1/talk",
        "https://a.example,         talk   , https://a.example/talk",
    })
    void aVersionIsAddedOnlyWhereNoneStands(String base, @Nullable String path, String expected) {
        assertThat(Endpoints.chat(upstream(base, path), "m")).isEqualTo(URI.create(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o,               gpt-4o",
        "claude@20250929,      claude@20250929",
        "..,                   %2E%2E",
        ".,                    %2E",
        "../a,                 ..%2Fa",
        "a b?c=d#e:f%,         a%20b%3Fc%3Dd%23e%3Af%25",
        "é,                    %C3%A9",
    })
    void aSegmentNeitherEndsNorClimbs(String text, String segment) {
        assertThat(Endpoints.segment(text)).isEqualTo(segment);
    }

    @ParameterizedTest
    @CsvSource({
        "https://r.example,                              ,           https://r.example/openai/v1/chat/completions",
        "https://r.example/openai/v1,                    ,           https://r.example/openai/v1/chat/completions",
        "https://r.example/openai/v1/,                   preview,    https://r.example/openai/v1/chat/completions?api-version=preview",
        "https://r.example/openai,                       ,           https://r.example/openai/v1/chat/completions",
        "https://r.example,                              2024-10-21, https://r.example/openai/deployments/m%2Fn/chat/completions?api-version=2024-10-21",
        "https://r.example/openai,                       2024-10-21, https://r.example/openai/deployments/m%2Fn/chat/completions?api-version=2024-10-21",
        "https://r.example/openai/deployments/d,         2024-10-21, https://r.example/openai/deployments/d/chat/completions?api-version=2024-10-21",
    })
    void azureIsCalledByItsOwnPaths(String base, @Nullable String version, String expected) {
        Capabilities azure =
                new Capabilities(
                        Map.of("platform", "azure", "apiVersion", version == null ? "" : version));
        assertThat(Endpoints.chat(upstream(base, null, azure), "m/n"))
                .isEqualTo(URI.create(expected));
    }

    @ParameterizedTest
    @CsvSource({
        "https://l.example/v1/projects/p/locations/l,                      https://l.example/v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict",
        "https://l.example/v1/projects/p/locations/l/,                     https://l.example/v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict",
        "https://l.example/v1/projects/p/locations/l/publishers/anthropic, https://l.example/v1/projects/p/locations/l/publishers/anthropic/models/m:rawPredict",
    })
    void aPublisherIsPutInWhereNoneStands(String base, String expected) {
        Upstream upstream = upstream(base, null, Capabilities.STANDARD);
        assertThat(VertexEndpoints.messages(upstream, "m", false)).isEqualTo(URI.create(expected));
    }

    private static Upstream upstream(String base, @Nullable String chat) {
        return upstream(base, chat, Capabilities.STANDARD);
    }

    private static Upstream upstream(String base, @Nullable String chat, Capabilities flags) {
        Duration second = Duration.ofSeconds(1);
        return new Upstream(
                UUID.randomUUID(),
                "u",
                "openai",
                List.of(Protocol.OPENAI_CHAT),
                URI.create(base),
                new Upstream.Paths(chat, null, null, null),
                List.of(),
                List.of(),
                false,
                null,
                false,
                new Upstream.Timeouts(second, second, second, second),
                Upstream.Preference.NEUTRAL,
                Upstream.Limits.NONE,
                Map.of(),
                Set.of(),
                flags,
                true);
    }
}
