package dev.sluice.simulator.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BehaviourReaderTest {

    @Test
    void nothingAskedIsPlain() throws UnknownDirective {
        assertThat(BehaviourReader.read(null, " , ").isPlain()).isTrue();
    }

    @Test
    void everyKindOfValueIsRead() throws UnknownDirective {
        Behaviour read =
                BehaviourReader.read(
                        null,
                        "delay=2s, pace=20ms, chunks=50, cut-after=3, chunk-bytes=10MB, crlf, "
                                + "drip=7/5ms, error-after=preamble+2, retry-after=date:30, stall");
        assertThat(read.duration(Directive.DELAY)).isEqualTo(Duration.ofSeconds(2));
        assertThat(read.duration(Directive.PACE)).isEqualTo(Duration.ofMillis(20));
        assertThat(read.count(Directive.CHUNKS, 0)).isEqualTo(50);
        assertThat(read.position(Directive.CUT_AFTER)).isEqualTo(new Position(false, 3));
        assertThat(read.bytes(Directive.CHUNK_BYTES, 0)).isEqualTo(10 << 20);
        assertThat(read.has(Directive.CRLF)).isTrue();
        assertThat(read.drip()).isEqualTo(new Drip(7, Duration.ofMillis(5)));
        assertThat(read.position(Directive.ERROR_AFTER)).isEqualTo(new Position(true, 2));
        assertThat(read.text(Directive.RETRY_AFTER)).isEqualTo("date:30");
        assertThat(read.position(Directive.STALL)).isEqualTo(new Position(true, 0));
    }

    @Test
    void theHeaderIsStrongerThanTheModelsName() throws UnknownDirective {
        Behaviour read = BehaviourReader.read("status=429,chunks=3", "status=503");
        assertThat(read.count(Directive.STATUS, 0)).isEqualTo(503);
        assertThat(read.count(Directive.CHUNKS, 0)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status=many | status takes a number from 0 to 599, not 'many'",
                "status=1000 | status takes",
                "delay=-5ms  | delay takes a duration",
                "delay=soon  | delay takes a duration",
                "crlf=yes    | crlf takes no value",
                "drip=1      | drip takes bytes and a duration",
                "drip=0/1s   | drip takes",
                "chunk-bytes=99MB | chunk-bytes takes",
                "cut-after   | cut-after takes a count of events",
                "usage=never | usage takes one of own, finish",
                "stutter     | there is no directive 'stutter'; there are chunks",
                "pace=5ms@50% | only a fault has a chance",
                "hang@150%   | only a fault has a chance",
                "hang@often  | only a fault has a chance"
            })
    void whatCannotBeReadIsRefusedWithTheCure(String text, String message) {
        assertThatThrownBy(() -> BehaviourReader.read(text, null))
                .isInstanceOf(UnknownDirective.class)
                .hasMessageContaining(message);
    }

    @Test
    void failFirstSparesLaterCallsOfTheSameTag() throws UnknownDirective {
        FaultGate gate = new FaultGate();
        Behaviour behaviour = BehaviourReader.read("fail-first=2,status=503,tag=a", null);
        assertThat(hits(gate, behaviour, Directive.STATUS, 4)).isEqualTo("xx..");
        Behaviour other = BehaviourReader.read("fail-first=1,status=503,tag=b", null);
        assertThat(hits(gate, other, Directive.STATUS, 2)).isEqualTo("x.");
        gate.reset();
        assertThat(hits(gate, behaviour, Directive.STATUS, 3)).isEqualTo("xx.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"stall@5%,seed=7", "stall@0.05,seed=7"})
    void aShareOfTheCallsIsHitAndAlwaysTheSameOnes(String text) throws UnknownDirective {
        Behaviour behaviour = BehaviourReader.read(text, null);
        String first = hits(new FaultGate(), behaviour, Directive.STALL, 2_000);
        String second = hits(new FaultGate(), behaviour, Directive.STALL, 2_000);
        assertThat(first).isEqualTo(second);
        assertThat(first.chars().filter(c -> c == 'x').count()).isBetween(60L, 150L);
    }

    private static String hits(FaultGate gate, Behaviour behaviour, Directive fault, int calls) {
        StringBuilder hits = new StringBuilder();
        for (int i = 0; i < calls; i++) {
            hits.append(gate.pass("sim-1", behaviour).has(fault) ? 'x' : '.');
        }
        return hits.toString();
    }
}
