package dev.sluice.proxy.ledger;

import java.time.Instant;

/**
 * A moment on both clocks: the calendar's, which decides the period of a budget, and a steady one,
 * which decides what lies within the last minute.
 */
record Moment(Instant instant, long steadyMillis) {

    long steadySecond() {
        return Math.floorDiv(steadyMillis, 1000L);
    }
}
