package dev.sluice.proxy.route.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.proxy.Fixtures;
import dev.sluice.proxy.route.memory.StickySessions.Bounds;
import dev.sluice.proxy.target.TargetId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StickySessionsTest {
    private static final UUID KEY = Fixtures.id("key");
    private static final UUID OTHER = Fixtures.id("other");
    private static final TargetId A = new TargetId(Fixtures.id("a"), "m");
    private static final TargetId B = new TargetId(Fixtures.id("b"), "m");

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Clock clock = clock();
    private final StickySessions sessions =
            new StickySessions(clock, new Bounds(5, 3, Duration.ofHours(2)));

    private Clock clock() {
        InstantSource source = () -> now;
        return source.withZone(ZoneOffset.UTC);
    }

    private static SessionKey session(UUID key, int number) {
        return new SessionKey(key, "s" + number);
    }

    private @Nullable TargetId bound(SessionKey session, String model) {
        Binding binding = sessions.find(session);
        return binding == null ? null : binding.target(model);
    }

    @Test
    void aSessionGoesWhereItWentAndElsewhereOnceItIsBoundThere() {
        sessions.bind(session(KEY, 1), "gpt", A);
        assertThat(bound(session(KEY, 1), "gpt")).isEqualTo(A);
        sessions.bind(session(KEY, 1), "gpt", B);
        assertThat(bound(session(KEY, 1), "gpt")).isEqualTo(B);
    }

    @Test
    void twoModelsOfOneSessionEachGoTheirOwnWay() {
        sessions.bind(session(KEY, 1), "small", A);
        sessions.bind(session(KEY, 1), "large", B);
        assertThat(bound(session(KEY, 1), "small")).isEqualTo(A);
        assertThat(bound(session(KEY, 1), "large")).isEqualTo(B);
        for (int i = 0; i < 20; i++) {
            sessions.bind(session(KEY, 1), "model" + i, A);
        }
        assertThat(bound(session(KEY, 1), "large")).isNull();
        assertThat(sessions.size()).isEqualTo(1);
    }

    @Test
    void keysDoNotShareSessions() {
        sessions.bind(session(KEY, 1), "gpt", A);
        assertThat(sessions.find(session(OTHER, 1))).isNull();
    }

    @Test
    void aSessionIsForgottenTwoHoursAfterItsLastUse() {
        sessions.bind(session(KEY, 1), "gpt", A);
        now = now.plus(Duration.ofMinutes(119));
        sessions.bind(session(KEY, 1), "gpt", A);
        now = now.plus(Duration.ofMinutes(119));
        assertThat(bound(session(KEY, 1), "gpt")).isEqualTo(A);
        now = now.plus(Duration.ofMinutes(1));
        assertThat(sessions.find(session(KEY, 1))).isNull();
        assertThat(sessions.size()).isZero();
    }

    @Test
    void aKeyWithMoreThanItsShareLosesItsOwnOldestSession() {
        sessions.bind(session(OTHER, 1), "gpt", A);
        for (int i = 1; i <= 4; i++) {
            sessions.bind(session(KEY, i), "gpt", A);
        }
        assertThat(sessions.find(session(KEY, 1))).isNull();
        assertThat(sessions.find(session(KEY, 2))).isNotNull();
        assertThat(sessions.find(session(OTHER, 1))).isNotNull();
    }

    @Test
    void whenAllIsFullTheOneUnusedForLongestGoes() {
        for (int i = 1; i <= 3; i++) {
            sessions.bind(session(KEY, i), "gpt", A);
        }
        sessions.bind(session(OTHER, 1), "gpt", A);
        sessions.bind(session(OTHER, 2), "gpt", A);
        sessions.find(session(KEY, 1));
        sessions.bind(session(OTHER, 3), "gpt", A);
        assertThat(sessions.size()).isEqualTo(5);
        assertThat(sessions.find(session(KEY, 2))).isNull();
        assertThat(sessions.find(session(KEY, 1))).isNotNull();
    }

    @Test
    void theListIsMostRecentFirstAndCanBeOneKeys() {
        sessions.bind(session(KEY, 1), "gpt", A);
        sessions.bind(session(OTHER, 1), "gpt", A);
        sessions.bind(session(KEY, 2), "gpt", B);
        assertThat(sessions.list(null, 10))
                .extracting(entry -> entry.getKey())
                .containsExactly(session(KEY, 2), session(OTHER, 1), session(KEY, 1));
        assertThat(sessions.list(KEY, 1))
                .extracting(entry -> entry.getKey())
                .containsExactly(session(KEY, 2));
    }

    @Test
    void aSessionCanBeForgotten() {
        sessions.bind(session(KEY, 1), "gpt", A);
        assertThat(sessions.forget(session(KEY, 1))).isTrue();
        assertThat(sessions.forget(session(KEY, 1))).isFalse();
        assertThat(sessions.find(session(KEY, 1))).isNull();
    }
}
