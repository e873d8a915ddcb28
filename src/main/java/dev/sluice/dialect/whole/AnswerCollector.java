package dev.sluice.dialect.whole;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.chat.UpstreamError;
import dev.sluice.chat.Usage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A stream gathered into the whole answer that a client asked for (wire-contract §2.10). For one
 * stream and one thread.
 */
public final class AnswerCollector {
    private final Map<Integer, Block> blocks = new TreeMap<>();
    private final Map<Integer, ChatEvent.Finish> finishes = new TreeMap<>();
    private final Map<Integer, JsonNode> logprobs = new TreeMap<>();
    private String id = "";
    private String model = "";
    private @Nullable Usage usage;
    private @Nullable UpstreamError failure;

    /** Takes the next event. */
    public void take(ChatEvent event) {
        switch (event) {
            case ChatEvent.Start start -> {
                id = start.id();
                model = start.model();
            }
            case ChatEvent.Text text -> block(text.choice(), text.block()).text(event, text.text());
            case ChatEvent.Reasoning thought ->
                    block(thought.choice(), thought.block()).text(event, thought.text());
            case ChatEvent.Refusal refusal ->
                    block(refusal.choice(), refusal.block()).text(event, refusal.text());
            case ChatEvent.Sealed sealed ->
                    block(sealed.choice(), sealed.block()).seal(sealed.seal(), sealed.itemId());
            case ChatEvent.CallStart call -> block(call.choice(), call.block()).begin(call);
            case ChatEvent.CallArguments arguments ->
                    block(0, arguments.block()).text.append(arguments.piece());
            case ChatEvent.Annotated annotated ->
                    block(0, annotated.block()).notes.add(annotated.annotation());
            case ChatEvent.Whole whole -> block(whole.choice(), whole.block()).whole = whole.part();
            case ChatEvent.Logprobs probabilities ->
                    logprobs.put(probabilities.choice(), probabilities.logprobs());
            case ChatEvent.UsageReported report ->
                    usage = usage == null ? report.usage() : usage.updatedBy(report.usage());
            case ChatEvent.Finish finish -> finishes.put(finish.choice(), finish);
            case ChatEvent.Failed failed -> failure = failed.error();
            case ChatEvent.BlockEnd _, ChatEvent.Ping _ -> {
                // says nothing that a whole answer has
            }
        }
    }

    /** {@return the answer, once the stream has ended} */
    public ChatAnswer answer() {
        if (failure != null) {
            return ChatAnswer.failed(failure);
        }
        List<ChatAnswer.Choice> choices = new ArrayList<>();
        for (ChatEvent.Finish finish : finishes.values()) {
            List<Part> parts = new ArrayList<>();
            for (Block block : blocks.values()) {
                if (block.choice == finish.choice()) {
                    parts.add(block.part());
                }
            }
            choices.add(
                    new ChatAnswer.Choice(
                            finish.choice(),
                            parts,
                            finish.reason(),
                            finish.stopSequence(),
                            logprobs.get(finish.choice())));
        }
        return new ChatAnswer(id, model, null, choices, usage, null, Extras.NONE);
    }

    private Block block(int choice, int number) {
        return blocks.computeIfAbsent(number, _ -> new Block(choice));
    }

    /** What one block has said so far. Its kind is that of its first event. */
    private static final class Block {
        private final int choice;
        private final StringBuilder text = new StringBuilder();
        private final List<Annotation> notes = new ArrayList<>(0);
        private @Nullable ChatEvent kind;
        private @Nullable Part whole;
        private @Nullable Seal seal;
        private @Nullable String itemId;

        Block(int choice) {
            this.choice = choice;
        }

        void text(ChatEvent event, String piece) {
            begin(event);
            text.append(piece);
        }

        void begin(ChatEvent event) {
            if (kind == null) {
                kind = event;
            }
        }

        void seal(Seal sealed, @Nullable String item) {
            seal = sealed;
            itemId = item;
        }

        Part part() {
            if (whole != null) {
                return whole;
            }
            return switch (kind) {
                case ChatEvent.CallStart call ->
                        new Part.ToolCall(
                                call.id(),
                                itemId,
                                call.name(),
                                text.toString(),
                                call.custom(),
                                seal,
                                null,
                                Extras.NONE);
                case ChatEvent.Refusal _ -> new Part.Refusal(text.toString());
                case ChatEvent.Text _ ->
                        new Part.Text(text.toString(), notes, seal, null, Extras.NONE);
                case null, default ->
                        new Part.Reasoning(text.toString(), seal, itemId, Extras.NONE);
            };
        }
    }
}
