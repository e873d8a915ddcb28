package dev.sluice.proxy.ledger;

import dev.sluice.catalog.limit.Subject;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/**
 * Who may still spend how much. A call reserves its worst case before it starts and settles what it
 * used when it has ended, on every path, exactly once; in between nobody else can spend it.
 *
 * <p>What a node may decide alone: everything, as long as it is the only one. Where several nodes
 * share budgets, an implementation draws a part of each shared budget in advance, and then decides
 * alone within that part: it may refuse a call for which the part is too small although other nodes
 * have something left, and it may never grant one on what it has not drawn. So the sum of what all
 * nodes grant never exceeds a budget, whichever of them dies or is cut off; what a dead node had
 * drawn is taken as spent until its records say what was. Rates and concurrency are estimates
 * between nodes: a node alone may grant its share of them. Nothing here waits for another node or a
 * database.
 */
public interface SpendLedger {

    /**
     * What a call asks for.
     *
     * @param call the scopes of the call as a whole
     * @param attempt the scopes of the attempt that would come first
     * @param begun when the call began, which decides the period that it is booked in
     */
    record Claim(Subject[] call, Subject[] attempt, Amounts amounts, Instant begun) {}

    /** {@return the reservation, in all of the claim's scopes, or why there is none in any} */
    Decision reserve(Claim claim);

    /** {@return whether so much more is now reserved for that call; if not, nothing is} */
    boolean extend(Hold hold, Amounts more);

    /**
     * Gives back what is held for the attempt that ran and reserves as much for another. {@return
     * whether that fits; if not, the call goes on holding what it holds as a whole, and what it
     * will have used is booked where its last attempt was}
     */
    boolean redirect(Hold hold, Subject[] attempt);

    /**
     * Books what the call used in place of what it held. More than it held is booked too: it is
     * debt. Settling again changes nothing.
     */
    void settle(Hold hold, Amounts used);

    /**
     * Charges what they hold to calls begun before that moment: whoever held them will not settle.
     * A settlement that comes all the same still books the truth. {@return how many there were}
     */
    int expire(Instant begunBefore);

    /** {@return how things stand with every limit of those subjects} */
    List<Standing> explain(Collection<Subject> subjects);

    /** {@return what all running calls hold; nothing at rest} */
    Reserved reserved();

    /**
     * @param calls how many calls hold something
     */
    record Reserved(int calls, long tokens, long nanos) {}
}
