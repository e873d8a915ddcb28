package dev.sluice.dialect.rules;

import dev.sluice.chat.ChatEvent;
import java.util.HashSet;
import java.util.Set;

/**
 * Leaves the events of all choices but the first out, for protocols that know one only. For one
 * stream.
 */
public final class FirstChoice {
    private final Set<Integer> others = new HashSet<>();

    /** {@return whether the event is about another choice} */
    public boolean excludes(ChatEvent event) {
        return switch (event) {
            case ChatEvent.Text text -> isOther(text.choice(), text.block());
            case ChatEvent.Reasoning thought -> isOther(thought.choice(), thought.block());
            case ChatEvent.Refusal refusal -> isOther(refusal.choice(), refusal.block());
            case ChatEvent.Sealed sealed -> isOther(sealed.choice(), sealed.block());
            case ChatEvent.CallStart call -> isOther(call.choice(), call.block());
            case ChatEvent.Whole whole -> isOther(whole.choice(), whole.block());
            case ChatEvent.Logprobs logprobs -> isOther(logprobs.choice(), logprobs.block());
            case ChatEvent.CallArguments arguments -> others.contains(arguments.block());
            case ChatEvent.Annotated annotated -> others.contains(annotated.block());
            case ChatEvent.BlockEnd end -> others.contains(end.block());
            case ChatEvent.Finish finish -> finish.choice() > 0;
            case ChatEvent.Start _,
                    ChatEvent.UsageReported _,
                    ChatEvent.Failed _,
                    ChatEvent.Ping _ ->
                    false;
        };
    }

    private boolean isOther(int choice, int block) {
        if (choice > 0) {
            others.add(block);
        }
        return choice > 0;
    }
}
