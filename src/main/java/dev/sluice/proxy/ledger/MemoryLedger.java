package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Scope;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.proxy.ledger.Hold.Held;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The ledger of a single node. One monitor guards all of it; a call holds it for about a
 * microsecond, and nothing waits within.
 */
public final class MemoryLedger implements SpendLedger {
    private static final Held[] NOTHING = {};

    private final Clock clock;
    private final LongSupplier nanoTicker;
    private final Map<Subject, Account> accounts = new HashMap<>();
    private final OpenHolds open = new OpenHolds();
    private final Object changes = new Object();
    private final List<Unprimed> unprimed = new ArrayList<>();
    private Map<Subject, List<Limit>> limits = Map.of();
    private boolean refusesUnknown;

    /** The ticker counts nanoseconds, monotonic. */
    public MemoryLedger(Clock clock, LongSupplier nanoTicker) {
        this.clock = clock;
        this.nanoTicker = nanoTicker;
    }

    /**
     * Sets whether calls are refused whose budgets do not know yet what was spent of them: so it is
     * from the start until they have been told.
     */
    public synchronized void refuseUnknown(boolean refuses) {
        refusesUnknown = refuses;
    }

    /**
     * Holds every subject to its limits from now on, and those that are left out to none. What
     * counted the same before goes on counting.
     */
    @SuppressWarnings("ReferenceEquality")
    public void limitBy(Map<Subject, List<Limit>> changed) {
        synchronized (changes) {
            if (limits == changed) {
                return;
            }
            Moment now = moment(clock.instant());
            for (Subject subject : limits.keySet()) {
                if (!changed.containsKey(subject)) {
                    limit(subject, List.of(), now);
                }
            }
            changed.forEach((subject, wanted) -> limit(subject, wanted, now));
            limits = changed;
        }
    }

    private synchronized void limit(Subject subject, List<Limit> wanted, Moment now) {
        Account account = accounts.computeIfAbsent(subject, Account::new);
        if (!account.holds(wanted)) {
            account.limitBy(wanted, now);
            account.addUnprimed(unprimed);
        }
    }

    @Override
    public synchronized Decision reserve(Claim claim) {
        Moment now = moment(claim.begun());
        Account[] call = accounts(claim.call());
        Account[] attempt = accounts(claim.attempt());
        Decision refusal = refusal(call, claim.amounts(), now, null);
        if (refusal == null) {
            refusal = refusal(attempt, claim.amounts(), now, null);
        }
        if (refusal != null) {
            return refusal;
        }
        Hold hold = new Hold(claim.begun(), claim.amounts(), call);
        hold.holdForCall(take(call, claim.amounts(), null));
        hold.holdForAttempt(attempt, take(attempt, claim.amounts(), null));
        open.add(hold);
        return new Decision.Granted(hold);
    }

    @Override
    public synchronized boolean extend(Hold hold, Amounts more) {
        Moment now = moment(clock.instant());
        if (!hold.isOpen()
                || refusal(hold.callAccounts(), more, now, hold.begun()) != null
                || refusal(hold.attemptAccounts(), more, now, hold.begun()) != null) {
            return false;
        }
        open.remove(hold);
        hold.grow(
                more,
                take(hold.callAccounts(), more, hold.begun()),
                take(hold.attemptAccounts(), more, hold.begun()));
        open.add(hold);
        return true;
    }

    @Override
    public synchronized boolean redirect(Hold hold, Subject[] attempt) {
        if (!hold.isOpen()) {
            return false;
        }
        for (Held held : hold.attemptHeld()) {
            held.meter().abandon(held.mark(), held.amount());
        }
        Moment now = moment(clock.instant());
        Account[] others = accounts(attempt);
        if (refusal(others, hold.amounts(), now, hold.begun()) != null) {
            hold.holdForAttempt(hold.attemptAccounts(), NOTHING);
            return false;
        }
        hold.holdForAttempt(others, take(others, hold.amounts(), hold.begun()));
        return true;
    }

    @Override
    public synchronized void settle(Hold hold, Amounts used) {
        switch (hold.state()) {
            case OPEN -> {
                hold.book(used);
                open.remove(hold);
            }
            case EXPIRED -> hold.correct(used);
            case SETTLED -> {}
        }
        hold.end(Hold.State.SETTLED);
    }

    @Override
    public synchronized int expire(Instant begunBefore) {
        List<Hold> forgotten = open.begunBefore(begunBefore);
        for (Hold hold : forgotten) {
            hold.charge();
            open.remove(hold);
        }
        return forgotten.size();
    }

    @Override
    public synchronized List<Standing> explain(Collection<Subject> subjects) {
        Moment now = moment(clock.instant());
        List<Standing> standings = new ArrayList<>();
        for (Subject subject : subjects) {
            Account account = accounts.get(subject);
            if (account != null) {
                account.addStandings(standings, now);
            }
        }
        return standings;
    }

    @Override
    public synchronized Reserved reserved() {
        return open.sum();
    }

    /** {@return the budgets that do not know yet what was spent before they were made} */
    synchronized List<Unprimed> unprimed() {
        unprimed.removeIf(budget -> budget.budget().unknownBefore() == null);
        return List.copyOf(unprimed);
    }

    /** Adds what had been spent before a budget was made. */
    synchronized void prime(Unprimed unprimed, Amounts spent) {
        unprimed.budget()
                .prime(unprimed.intervalStart(), spent.of(unprimed.budget().limit().measure()));
    }

    /**
     * A budget that was made amid its period.
     *
     * @param before what ended later is counted already
     */
    record Unprimed(Subject subject, Budget budget, long intervalStart, Instant before) {}

    /**
     * What a running call asks for more does not concern periods later than its own.
     *
     * @param running when that call began; null for a call that is to begin
     */
    private @Nullable Decision refusal(
            Account[] accounts, Amounts wanted, Moment now, @Nullable Instant running) {
        for (Account account : accounts) {
            for (Meter meter : account.meters()) {
                meter.advanceTo(now);
                long amount = wanted.of(meter.limit().measure());
                if (refusesUnknown && meter.isUnknown()) {
                    return new Decision.Unknown(account.subject(), meter.limit());
                }
                if (!meter.fits(amount) && !(running != null && meter.isBeyond(running))) {
                    return new Decision.Shortage(
                            account.subject(),
                            meter.limit(),
                            meter.used(),
                            meter.reserved(),
                            amount,
                            meter.fitsInMillis(amount, now),
                            meter.resetsAt());
                }
            }
        }
        return null;
    }

    private static Held[] take(Account[] accounts, Amounts amounts, @Nullable Instant running) {
        int count = 0;
        for (Account account : accounts) {
            count += account.meters().length;
        }
        if (count == 0) {
            return NOTHING;
        }
        Held[] held = new Held[count];
        int at = 0;
        for (Account account : accounts) {
            for (Meter meter : account.meters()) {
                long amount = amounts.of(meter.limit().measure());
                held[at++] =
                        running != null && meter.isBeyond(running)
                                ? new Held(meter, Meter.NOWHERE, 0)
                                : new Held(meter, meter.reserve(amount), amount);
            }
        }
        return held;
    }

    private Account[] accounts(Subject[] subjects) {
        Account[] found = new Account[subjects.length];
        for (int i = 0; i < subjects.length; i++) {
            found[i] = account(subjects[i]);
        }
        return found;
    }

    /**
     * An account without limits is kept, so that calls which run when its first limit comes are
     * counted; not so of models, whose names clients may invent.
     */
    private Account account(Subject subject) {
        Account known = accounts.get(subject);
        if (known != null) {
            return known;
        }
        Account made = new Account(subject);
        if (subject.scope() != Scope.MODEL) {
            accounts.put(subject, made);
        }
        return made;
    }

    private Moment moment(Instant instant) {
        return new Moment(instant, nanoTicker.getAsLong() / 1_000_000);
    }
}
