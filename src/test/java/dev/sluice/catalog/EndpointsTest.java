package dev.sluice.catalog;

import static org.assertj.core.api.Assertions.assertThat;

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
        assertThat(Endpoints.chat(upstream(base, path))).isEqualTo(URI.create(expected));
    }

    private static Upstream upstream(String base, @Nullable String chat) {
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
                Capabilities.STANDARD,
                true);
    }
}
