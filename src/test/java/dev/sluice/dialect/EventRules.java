package dev.sluice.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.chat.ChatEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Takes a stream's events and holds them to the rules of {@link ChatEvent}. */
final class EventRules {
    private final List<ChatEvent> events = new ArrayList<>();
    private final Set<Integer> open = new HashSet<>();
    private final Set<Integer> finished = new HashSet<>();
    private int blocks;
    private boolean started;
    private boolean failed;

    void take(ChatEvent event) {
        assertThat(failed).as("%s after a failure", event).isFalse();
        events.add(event);
        switch (event) {
            case ChatEvent.Start _ -> {
                assertThat(started || blocks > 0).as("a late or second start").isFalse();
                started = true;
            }
            case ChatEvent.Text text -> use(text.choice(), text.block());
            case ChatEvent.Reasoning reasoning -> use(reasoning.choice(), reasoning.block());
            case ChatEvent.Refusal refusal -> use(refusal.choice(), refusal.block());
            case ChatEvent.Sealed sealed -> use(sealed.choice(), sealed.block());
            case ChatEvent.CallStart call -> {
                assertThat(call.block()).as("a call is a block of its own").isEqualTo(blocks);
                assertThat(call.id()).isNotEmpty();
                use(call.choice(), call.block());
            }
            case ChatEvent.Whole whole -> use(whole.choice(), whole.block());
            case ChatEvent.Logprobs logprobs -> use(logprobs.choice(), logprobs.block());
            case ChatEvent.CallArguments arguments -> assertThat(open).contains(arguments.block());
            case ChatEvent.Annotated annotated -> assertThat(open).contains(annotated.block());
            case ChatEvent.BlockEnd end ->
                    assertThat(open.remove(end.block())).as("an open block ends").isTrue();
            case ChatEvent.Finish finish ->
                    assertThat(finished.add(finish.choice())).as("one finish").isTrue();
            case ChatEvent.Failed _ -> failed = true;
            case ChatEvent.UsageReported _, ChatEvent.Ping _ -> {
                // Anywhere.
            }
        }
    }

    private void use(int choice, int block) {
        assertThat(started).as("a start before a block").isTrue();
        assertThat(finished).as("nothing of a choice after its finish").doesNotContain(choice);
        if (block == blocks) {
            blocks++;
            open.add(block);
        }
        assertThat(open).as("dense blocks").contains(block);
    }

    /** {@return the events of a stream that has ended} */
    List<ChatEvent> ended() {
        assertThat(failed || !finished.isEmpty()).as("a finish or a failure").isTrue();
        assertThat(failed || open.isEmpty()).as("blocks that were never ended").isTrue();
        return events;
    }
}
