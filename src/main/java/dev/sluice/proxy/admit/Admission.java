package dev.sluice.proxy.admit;

import dev.sluice.catalog.ApiKey;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.account.Pricing;
import dev.sluice.proxy.account.RequestSink;
import dev.sluice.proxy.ledger.Hold;
import dev.sluice.proxy.ledger.SpendLedger;
import dev.sluice.proxy.route.Plan;
import java.time.Instant;

/**
 * Decides whether a call may start, and reserves what it may use at most. A call that could not be
 * recorded does not start.
 */
public final class Admission {
    private final RequestSink sink;
    private final SpendLedger ledger;
    private final Pricing pricing;
    private final AdmissionPolicy policy;

    public Admission(
            RequestSink sink, SpendLedger ledger, Pricing pricing, AdmissionPolicy policy) {
        this.sink = sink;
        this.ledger = ledger;
        this.pricing = pricing;
        this.policy = policy;
    }

    /**
     * {@return what the call holds: the worst case of its dearest candidate}
     *
     * @throws GatewayException 503 {@code journal_full} while there is no room for its record, 429
     *     or the dialect's budget error where it does not fit a limit
     */
    public Lease admit(ApiKey key, Plan plan, InboundRequest request, Instant begun) {
        requireRoom();
        return new Bid(this, key, Ask.of(request, plan, policy), begun).lease();
    }

    /** {@return what a call holds into which is not looked} Throws like the other one. */
    public Lease admitRaw(ApiKey key, RawCall call, Instant begun) {
        requireRoom();
        return new Bid(this, key, Ask.raw(call, policy), begun).lease();
    }

    private void requireRoom() {
        if (!sink.acceptsCalls()) {
            throw GatewayException.overloaded(
                    "journal_full",
                    "The gateway cannot record further calls at the moment: its journal is full."
                            + " Try again later.");
        }
    }

    /** {@return what all running calls hold together} Nothing is at rest. */
    public SpendLedger.Reserved reserved() {
        return ledger.reserved();
    }

    /** {@return how many leases are out} Nothing is at rest. */
    public int running() {
        return ledger.reserved().calls();
    }

    /** {@return whether a call may go to that candidate although nothing prices it} */
    boolean mayGoUnpriced(Quote quote, Hold hold) {
        return quote.isPriced() || !policy.refusesUnpriced() || !hold.countsMoney();
    }

    SpendLedger ledger() {
        return ledger;
    }

    Pricing pricing() {
        return pricing;
    }

    AdmissionPolicy policy() {
        return policy;
    }
}
