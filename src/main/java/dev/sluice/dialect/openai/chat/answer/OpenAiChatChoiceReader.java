package dev.sluice.dialect.openai.chat.answer;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Part;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatReasoning;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatStopReasons;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.ThinkTags;
import dev.sluice.dialect.trait.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One choice of a stream: reasoning, text and refusal one after another, and its calls. */
final class OpenAiChatChoiceReader {
    private enum Kind {
        TEXT,
        REASONING,
        REFUSAL
    }

    private final int choice;
    private final Memory memory;
    private final OpenAiChatBlocks blocks;
    private final OpenAiChatCallReader calls;
    private final @Nullable ThinkTags thinkTags;
    private @Nullable Kind open;
    private int block;
    private boolean output;
    private String finish = "";

    OpenAiChatChoiceReader(int choice, Memory memory, OpenAiChatBlocks blocks) {
        this.choice = choice;
        this.memory = memory;
        this.blocks = blocks;
        this.calls = new OpenAiChatCallReader(choice, memory, blocks);
        this.thinkTags = memory.traits().has(Trait.THINK_TAGS) ? new ThinkTags() : null;
    }

    void read(JsonNode node, String answerId, Consumer<ChatEvent> sink) {
        JsonNode delta = node.path("delta").isObject() ? node.path("delta") : node.path("message");
        reasoning(delta, sink);
        content(delta.path("content"), sink);
        piece(Kind.REFUSAL, delta.path("refusal").asString(""), sink);
        annotations(delta, sink);
        List<Part> images = new ArrayList<>();
        Fields.elements(delta.get("images"))
                .forEach(image -> OpenAiChatAnswerReader.image(images, image));
        images.forEach(image -> whole(image, sink));
        List<JsonNode> pieces = Fields.elements(delta.get("tool_calls"));
        if (!pieces.isEmpty()) {
            flushTags(sink);
            close(sink);
        }
        pieces.forEach(piece -> calls.read(piece, answerId, sink));
        JsonNode old = delta.path("function_call");
        if (old.isObject()) {
            close(sink);
            calls.readOld(old, answerId, sink);
        }
        JsonNode logprobs = node.path("logprobs");
        if (logprobs.isObject() && open != null) {
            sink.accept(new ChatEvent.Logprobs(choice, block, logprobs));
        }
        String reason = node.path("finish_reason").asString("");
        finish = reason.isEmpty() ? finish : reason;
    }

    void end(Consumer<ChatEvent> sink) {
        flushTags(sink);
        close(sink);
        calls.end(sink);
        boolean called = calls.any();
        sink.accept(
                new ChatEvent.Finish(
                        choice,
                        OpenAiChatStopReasons.read(
                                finish.isEmpty() ? "stop" : finish, called, output || called),
                        null));
    }

    private void reasoning(JsonNode delta, Consumer<ChatEvent> sink) {
        for (Part.Reasoning part :
                OpenAiChatReasoning.read(
                        delta, memory.traits().family(), memory.traits().model())) {
            piece(Kind.REASONING, part.text(), sink);
            if (part.seal() != null) {
                enter(Kind.REASONING, sink);
                sink.accept(new ChatEvent.Sealed(choice, block, part.seal(), part.id()));
                close(sink);
            }
        }
    }

    private void content(JsonNode content, Consumer<ChatEvent> sink) {
        if (content.isString()) {
            text(content.stringValue(), sink);
            return;
        }
        for (JsonNode element : Fields.elements(content)) {
            if (element.path("type").asString("").equals("thinking")) {
                piece(Kind.REASONING, OpenAiChatAnswerReader.thinking(element), sink);
            } else {
                text(element.path("text").asString(""), sink);
            }
        }
    }

    private void text(String text, Consumer<ChatEvent> sink) {
        if (thinkTags == null) {
            piece(Kind.TEXT, text, sink);
        } else {
            split(thinkTags.next(text), sink);
        }
    }

    private void flushTags(Consumer<ChatEvent> sink) {
        if (thinkTags != null) {
            split(thinkTags.end(), sink);
        }
    }

    private void split(ThinkTags.Split split, Consumer<ChatEvent> sink) {
        piece(Kind.REASONING, split.reasoning(), sink);
        piece(Kind.TEXT, split.text(), sink);
    }

    private void piece(Kind kind, String text, Consumer<ChatEvent> sink) {
        if (text.isEmpty()) {
            return;
        }
        enter(kind, sink);
        sink.accept(
                switch (kind) {
                    case TEXT -> new ChatEvent.Text(choice, block, text);
                    case REASONING -> new ChatEvent.Reasoning(choice, block, text);
                    case REFUSAL -> new ChatEvent.Refusal(choice, block, text);
                });
    }

    private void enter(Kind kind, Consumer<ChatEvent> sink) {
        output = true;
        if (open == kind) {
            return;
        }
        close(sink);
        open = kind;
        block = blocks.next();
    }

    private void close(Consumer<ChatEvent> sink) {
        if (open != null) {
            open = null;
            sink.accept(new ChatEvent.BlockEnd(block));
        }
    }

    private void annotations(JsonNode delta, Consumer<ChatEvent> sink) {
        if (open != Kind.TEXT) {
            return;
        }
        for (Annotation annotation : OpenAiChatAnswerReader.annotations(delta)) {
            sink.accept(new ChatEvent.Annotated(block, annotation));
        }
    }

    private void whole(Part part, Consumer<ChatEvent> sink) {
        close(sink);
        output = true;
        int number = blocks.next();
        sink.accept(new ChatEvent.Whole(choice, number, part));
        sink.accept(new ChatEvent.BlockEnd(number));
    }
}
