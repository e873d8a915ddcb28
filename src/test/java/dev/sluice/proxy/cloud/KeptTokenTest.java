package dev.sluice.proxy.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** When a token is asked for, and who waits for it. */
class KeptTokenTest {
    private final AtomicLong now = new AtomicLong(1_000);
    private final List<Promise<AccessToken>> asked = new ArrayList<>();
    private final KeptToken token = new KeptToken(this::ask, Runnable::run, now::get);

    private Future<AccessToken> ask() {
        Promise<AccessToken> promise = Promise.promise();
        asked.add(promise);
        return promise.future();
    }

    @Test
    void allWhoComeMeanwhileWaitForTheSameToken() {
        Future<AccessToken> first = token.good();
        Future<AccessToken> second = token.good();
        assertThat(asked).hasSize(1);
        assertThat(first.isComplete()).isFalse();

        give("t1");

        assertThat(first.result().value()).isEqualTo("t1");
        assertThat(second.result().value()).isEqualTo("t1");
        assertThat(token.good().result().value()).isEqualTo("t1");
        assertThat(asked).hasSize(1);
    }

    @Test
    void fromThreeQuartersOfItsLifeOnItIsRenewedWhileTheOldOneServes() {
        token.good();
        give("t1");

        after(Duration.ofMinutes(44));
        token.renewIfDue();
        assertThat(token.good().result().value()).isEqualTo("t1");
        assertThat(asked).hasSize(1);

        after(Duration.ofMinutes(1));
        token.renewIfDue();
        assertThat(token.good().result().value()).isEqualTo("t1");
        assertThat(asked).hasSize(2);

        give("t2");
        assertThat(token.good().result().value()).isEqualTo("t2");
    }

    @Test
    void aRenewalThatFailsIsTriedAgainAndTheOldTokenServesToItsEnd() {
        token.good();
        give("t1");
        after(Duration.ofMinutes(50));
        token.renewIfDue();
        refuse();
        assertThat(token.good().result().value()).isEqualTo("t1");
        token.renewIfDue();
        assertThat(asked).as("not at once").hasSize(2);

        after(Duration.ofSeconds(6));
        token.renewIfDue();
        assertThat(asked).hasSize(3);
        refuse();

        after(Duration.ofMinutes(10));
        Future<AccessToken> late = token.good();
        assertThat(asked).hasSize(4);
        refuse();
        assertThat(late.cause()).isInstanceOf(NoAccessToken.class);
    }

    @Test
    void anEndpointThatRefusedIsNotAskedAgainAtOnce() {
        token.good();
        refuse();
        assertThat(token.good().cause()).isInstanceOf(NoAccessToken.class);
        assertThat(asked).hasSize(1);

        after(Duration.ofSeconds(5));
        assertThat(token.good().isComplete()).isFalse();
        assertThat(asked).hasSize(2);
    }

    @Test
    void ofARefusedTokenAnotherIsFetchedButNotOneAfterTheOther() {
        token.good();
        give("t1");
        Future<AccessToken> one = token.insteadOf("t1");
        Future<AccessToken> two = token.insteadOf("t1");
        give("t2");
        assertThat(one.result().value()).isEqualTo("t2");
        assertThat(two.result().value()).isEqualTo("t2");
        assertThat(token.insteadOf("t1").result().value()).as("there is one").isEqualTo("t2");

        assertThat(token.insteadOf("t2").cause()).isInstanceOf(NoAccessToken.class);
        assertThat(asked).hasSize(2);

        after(Duration.ofSeconds(10));
        assertThat(token.insteadOf("t2").isComplete()).isFalse();
        assertThat(asked).hasSize(3);
    }

    @Test
    void aSourceThatThrowsIsARefusal() {
        KeptToken broken =
                new KeptToken(
                        () -> {
                            throw new IllegalStateException("broken");
                        },
                        Runnable::run,
                        now::get);
        assertThat(broken.good().cause()).hasMessage("broken");
    }

    @Test
    void aShortLifeHasItsShareOfTheMargin() {
        AccessToken brief = AccessToken.of("t", Duration.ofSeconds(10), 0);
        assertThat(brief.isDue(Duration.ofMillis(7_499).toNanos())).isFalse();
        assertThat(brief.isDue(Duration.ofMillis(7_500).toNanos())).isTrue();
        assertThat(brief.isGood(Duration.ofMillis(8_999).toNanos())).isTrue();
        assertThat(brief.isGood(Duration.ofSeconds(9).toNanos())).isFalse();
        assertThat(brief).hasToString("***");
    }

    private void after(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private void give(String value) {
        asked.getLast().complete(AccessToken.of(value, Duration.ofHours(1), now.get()));
    }

    private void refuse() {
        asked.getLast().fail(new NoAccessToken("no"));
    }
}
