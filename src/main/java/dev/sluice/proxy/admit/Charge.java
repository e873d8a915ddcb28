package dev.sluice.proxy.admit;

import dev.sluice.chat.Usage;
import dev.sluice.proxy.account.RequestRecord;

/** What a call as a whole is charged: the sum of all its attempts. */
public record Charge(Usage usage, RequestRecord.Cost cost) {
    public static final Charge NOTHING = new Charge(Usage.NONE, RequestRecord.Cost.UNPRICED);
}
