package dev.sluice.dialect.whole;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Part;
import java.util.function.Consumer;

/** A whole answer told as the events of a stream, for a client that asked for one. */
public final class AnswerEvents {
    private final Consumer<ChatEvent> sink;
    private int blocks;

    private AnswerEvents(Consumer<ChatEvent> sink) {
        this.sink = sink;
    }

    /** Tells an answer that did not fail. */
    public static void tell(ChatAnswer answer, Consumer<ChatEvent> sink) {
        AnswerEvents events = new AnswerEvents(sink);
        sink.accept(new ChatEvent.Start(answer.id(), answer.model()));
        answer.choices().forEach(events::choice);
        if (answer.usage() != null) {
            sink.accept(new ChatEvent.UsageReported(answer.usage()));
        }
    }

    private void choice(ChatAnswer.Choice choice) {
        int first = blocks;
        choice.parts().forEach(part -> part(choice.index(), part));
        if (choice.logprobs() != null && blocks > first) {
            sink.accept(new ChatEvent.Logprobs(choice.index(), blocks - 1, choice.logprobs()));
        }
        for (int block = first; block < blocks; block++) {
            sink.accept(new ChatEvent.BlockEnd(block));
        }
        sink.accept(new ChatEvent.Finish(choice.index(), choice.reason(), choice.stopSequence()));
    }

    private void part(int choice, Part part) {
        int block = blocks++;
        switch (part) {
            case Part.Text text -> {
                sink.accept(new ChatEvent.Text(choice, block, text.text()));
                text.annotations()
                        .forEach(note -> sink.accept(new ChatEvent.Annotated(block, note)));
                if (text.seal() != null) {
                    sink.accept(new ChatEvent.Sealed(choice, block, text.seal(), null));
                }
            }
            case Part.Refusal refusal ->
                    sink.accept(new ChatEvent.Refusal(choice, block, refusal.text()));
            case Part.Reasoning thought -> reasoning(choice, block, thought);
            case Part.ToolCall call -> call(choice, block, call);
            case Part.Image _, Part.File _, Part.Audio _, Part.Video _ ->
                    sink.accept(new ChatEvent.Whole(choice, block, part));
            case Part.ToolResult _, Part.Foreign _ ->
                    sink.accept(new ChatEvent.Whole(choice, block, part));
        }
    }

    private void reasoning(int choice, int block, Part.Reasoning thought) {
        if (!thought.text().isEmpty()) {
            sink.accept(new ChatEvent.Reasoning(choice, block, thought.text()));
        }
        if (thought.seal() != null) {
            sink.accept(new ChatEvent.Sealed(choice, block, thought.seal(), thought.id()));
        }
    }

    /** The seal comes first: some protocols send it before the call. */
    private void call(int choice, int block, Part.ToolCall call) {
        sink.accept(new ChatEvent.CallStart(choice, block, call.id(), call.name(), call.custom()));
        if (call.seal() != null) {
            sink.accept(new ChatEvent.Sealed(choice, block, call.seal(), call.itemId()));
        }
        if (!call.arguments().isEmpty()) {
            sink.accept(new ChatEvent.CallArguments(block, call.arguments()));
        }
    }
}
