package dev.sluice.proxy.ledger;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock, and a ticker beside it, that move when they are told to. */
public final class SteppedTime extends Clock {
    private Instant now;
    private long nanos = 1_000_000_000_000L;

    public SteppedTime(Instant start) {
        this.now = start;
    }

    public void advance(Duration time) {
        now = now.plus(time);
        nanos += time.toNanos();
    }

    /** Sets the calendar, as an operator may; the ticker does not care. */
    public void set(Instant moment) {
        now = moment;
    }

    public long nanos() {
        return nanos;
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("only instants are asked for");
    }
}
