package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Subject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one call holds: so much, in each of its scopes. Its first accounts stand for the call as a
 * whole, the others for the attempt that runs. Guarded by the ledger's monitor.
 */
public final class Hold {
    private static final Account[] NO_ACCOUNTS = {};
    private static final Held[] NOTHING = {};

    private final Instant begun;
    private final Account[] callAccounts;
    private Held[] callHeld = NOTHING;
    private Account[] attemptAccounts = NO_ACCOUNTS;
    private Held[] attemptHeld = NOTHING;
    private Amounts amounts;
    private State state = State.OPEN;
    @Nullable Hold before;
    @Nullable Hold after;

    enum State {
        OPEN,
        /** Charged what it had reserved, because nobody settled it. */
        EXPIRED,
        SETTLED
    }

    /**
     * What is reserved in one meter.
     *
     * @param mark by which the meter finds it again
     */
    record Held(Meter meter, long mark, long amount) {}

    /** What is reserved against one budget. */
    public record Share(Subject subject, Limit limit, long amount) {}

    Hold(Instant begun, Amounts amounts, Account[] callAccounts) {
        this.begun = begun;
        this.amounts = amounts;
        this.callAccounts = callAccounts;
    }

    Instant begun() {
        return begun;
    }

    /** {@return what is reserved in each of its scopes} */
    public Amounts amounts() {
        return amounts;
    }

    State state() {
        return state;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    void end(State how) {
        state = how;
    }

    Account[] callAccounts() {
        return callAccounts;
    }

    Account[] attemptAccounts() {
        return attemptAccounts;
    }

    Held[] attemptHeld() {
        return attemptHeld;
    }

    void holdForCall(Held[] held) {
        callHeld = held;
    }

    void holdForAttempt(Account[] accounts, Held[] held) {
        attemptAccounts = accounts;
        attemptHeld = held;
    }

    void grow(Amounts more, Held[] forCall, Held[] forAttempt) {
        amounts = amounts.plus(more);
        callHeld = joined(callHeld, forCall);
        attemptHeld = joined(attemptHeld, forAttempt);
    }

    private static Held[] joined(Held[] held, Held[] more) {
        List<Held> all = new ArrayList<>(List.of(held));
        all.addAll(List.of(more));
        return all.toArray(Held[]::new);
    }

    /** Puts what was used in place of what is held, everywhere. */
    void book(Amounts used) {
        book(callAccounts, callHeld, used);
        book(attemptAccounts, attemptHeld, used);
    }

    private void book(Account[] accounts, Held[] helds, Amounts used) {
        for (int i = 0; i < helds.length; i++) {
            Held held = helds[i];
            boolean isFirst = indexOf(held.meter(), helds) == i;
            long amount = isFirst ? used.of(held.meter().limit().measure()) : 0;
            held.meter().settle(held.mark(), held.amount(), amount);
        }
        bookElsewhere(accounts, helds, used);
    }

    /** A budget that was made while the call ran holds nothing for it. */
    private void bookElsewhere(Account[] accounts, Held[] helds, Amounts used) {
        for (Account account : accounts) {
            for (Meter meter : account.meters()) {
                if (meter instanceof Budget budget && indexOf(meter, helds) < 0) {
                    budget.book(begun, used.of(meter.limit().measure()));
                }
            }
        }
    }

    /** Charges what is held, and remembers where. */
    void charge() {
        book(amounts);
        callHeld = charged(callAccounts, callHeld);
        attemptHeld = charged(attemptAccounts, attemptHeld);
        state = State.EXPIRED;
    }

    private Held[] charged(Account[] accounts, Held[] helds) {
        List<Held> charged = new ArrayList<>();
        for (int i = 0; i < helds.length; i++) {
            if (indexOf(helds[i].meter(), helds) == i) {
                charged.add(charged(helds[i].meter(), helds[i].mark()));
            }
        }
        for (Account account : accounts) {
            for (Meter meter : account.meters()) {
                if (meter instanceof Budget budget && indexOf(meter, helds) < 0) {
                    charged.add(charged(budget, budget.markOf(begun)));
                }
            }
        }
        return charged.toArray(Held[]::new);
    }

    private Held charged(Meter meter, long mark) {
        return new Held(meter, mark, amounts.of(meter.limit().measure()));
    }

    /** Puts what was used in place of what was charged. */
    void correct(Amounts used) {
        correct(callAccounts, callHeld, used);
        correct(attemptAccounts, attemptHeld, used);
    }

    private void correct(Account[] accounts, Held[] charged, Amounts used) {
        for (Held held : charged) {
            if (held.meter() instanceof Budget budget) {
                budget.correct(held.mark(), held.amount(), used.of(budget.limit().measure()));
            }
        }
        bookElsewhere(accounts, charged, used);
    }

    @SuppressWarnings("ReferenceEquality")
    private static int indexOf(Meter meter, Held[] helds) {
        for (int i = 0; i < helds.length; i++) {
            if (helds[i].meter() == meter) {
                return i;
            }
        }
        return -1;
    }

    /** {@return whether money is limited in any of its scopes} */
    public boolean countsMoney() {
        return countsMoney(callHeld) || countsMoney(attemptHeld);
    }

    private static boolean countsMoney(Held[] helds) {
        for (Held held : helds) {
            if (held.meter().limit().measure() == Measure.MONEY) {
                return true;
            }
        }
        return false;
    }

    /** {@return what is reserved against budgets: what a restart must know of} */
    public List<Share> budgetShares() {
        List<Share> shares = new ArrayList<>(4);
        addShares(shares, callAccounts, callHeld);
        addShares(shares, attemptAccounts, attemptHeld);
        return shares;
    }

    private static void addShares(List<Share> shares, Account[] accounts, Held[] helds) {
        for (Account account : accounts) {
            for (Meter meter : account.meters()) {
                int at = meter.limit().isBudget() ? indexOf(meter, helds) : -1;
                if (at >= 0) {
                    shares.add(new Share(account.subject(), meter.limit(), helds[at].amount()));
                }
            }
        }
    }

    @Override
    public String toString() {
        return "Hold[" + state + ", " + amounts + "]";
    }
}
