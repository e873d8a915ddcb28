package dev.sluice.dialect.gemini.answer;

import dev.sluice.chat.Annotation;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.gemini.wire.GeminiErrorWriter;
import dev.sluice.dialect.gemini.wire.GeminiStopReasons;
import dev.sluice.dialect.gemini.wire.JsonArrayFraming;
import dev.sluice.dialect.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stream for a Gemini client, as events or as one JSON array (wire-contract §2.10): calls whole,
 * and one last chunk with the reason and what was counted.
 */
public final class GeminiEventWriter implements EventWriter {
    private static final int MAX_CITATIONS = 256;
    private static final int MAX_REFUSAL = 2000;

    /** A call whose arguments are still coming. */
    private static final class OpenCall {
        private final ChatEvent.CallStart start;
        private final StringBuilder arguments = new StringBuilder();
        private @Nullable Seal seal;

        OpenCall(ChatEvent.CallStart start) {
            this.start = start;
        }

        Part.ToolCall call() {
            return new Part.ToolCall(
                    start.id(),
                    null,
                    start.name(),
                    arguments.toString(),
                    false,
                    seal,
                    null,
                    Extras.NONE);
        }
    }

    private final ClientView view;
    private final @Nullable JsonArrayFraming array;
    private final String tail;
    private final Map<Integer, OpenCall> calls = new HashMap<>();
    private final Map<Integer, ChatEvent.Finish> finishes = new TreeMap<>();
    private final ArrayNode citations = Json.mapper().createArrayNode();
    private boolean malformed;
    private boolean over;
    private @Nullable Usage usage;
    private @Nullable String refusal;

    public GeminiEventWriter(ClientView view) {
        this.view = view;
        this.array = view.serverSentEvents() ? null : new JsonArrayFraming();
        this.tail =
                ",\"modelVersion\":"
                        + Json.quoted(view.model())
                        + ",\"responseId\":"
                        + Json.quoted(view.id())
                        + "}";
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        if (over) {
            return;
        }
        switch (event) {
            case ChatEvent.Text text -> text(text.choice(), text.text(), "", out);
            case ChatEvent.Reasoning thought ->
                    text(thought.choice(), thought.text(), ",\"thought\":true", out);
            case ChatEvent.Refusal refused -> {
                refuse(refused.text());
                text(refused.choice(), refused.text(), "", out);
            }
            case ChatEvent.Sealed sealed -> seal(sealed, out);
            case ChatEvent.CallStart start -> calls.put(start.block(), new OpenCall(start));
            case ChatEvent.CallArguments arguments -> {
                OpenCall call = calls.get(arguments.block());
                if (call != null) {
                    call.arguments.append(arguments.piece());
                }
            }
            case ChatEvent.Annotated annotated -> cite(annotated.annotation());
            case ChatEvent.Whole whole ->
                    part(whole.choice(), GeminiAnswerWriter.part(whole.part()), out);
            case ChatEvent.BlockEnd end -> finishCall(end.block(), out);
            case ChatEvent.Logprobs logprobs -> logprobs(logprobs, out);
            case ChatEvent.UsageReported report ->
                    usage = usage == null ? report.usage() : usage.updatedBy(report.usage());
            case ChatEvent.Finish finish -> finishes.put(finish.choice(), finish);
            case ChatEvent.Failed failed -> fail(upstreamFailed(failed.error().message()), out);
            case ChatEvent.Start _, ChatEvent.Ping _ -> {
                // Proves nothing, and one SDK bears no comments.
            }
        }
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        if (over) {
            return;
        }
        for (int block : List.copyOf(calls.keySet())) {
            finishCall(block, out);
        }
        boolean broken =
                !finishes.isEmpty()
                        && finishes.values().stream()
                                .allMatch(finish -> finish.reason() == StopReason.BROKEN);
        if (broken) {
            fail(upstreamFailed("The upstream broke the answer off."), out);
            return;
        }
        if (finishes.isEmpty()) {
            finishes.put(0, new ChatEvent.Finish(0, StopReason.STOP, null));
        }
        last(out);
        over = true;
        if (array != null) {
            array.close(out);
        }
    }

    @Override
    public void fail(ChatError error, ByteArrayOutputStream out) {
        if (over) {
            return;
        }
        over = true;
        if (array == null) {
            out.writeBytes(GeminiErrorWriter.event(error, null));
        } else {
            out.writeBytes(array.fail(error, null));
        }
    }

    /** Repeated at the end, as far as it is a sentence and no essay. */
    private void refuse(String words) {
        String said = refusal == null ? words : refusal + words;
        refusal = said.substring(0, Math.min(MAX_REFUSAL, said.length()));
    }

    private static ChatError upstreamFailed(String message) {
        return ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", message);
    }

    private void text(int choice, String text, String more, ByteArrayOutputStream out) {
        if (!text.isEmpty()) {
            chunk(choice, "{\"text\":" + Json.quoted(text) + more + "}", out);
        }
    }

    /** A seal of text or of a thought has a part of its own, which may be empty. */
    private void seal(ChatEvent.Sealed sealed, ByteArrayOutputStream out) {
        OpenCall call = calls.get(sealed.block());
        if (call == null) {
            part(sealed.choice(), GeminiAnswerWriter.thought("", sealed.seal()), out);
        } else {
            call.seal = sealed.seal();
        }
    }

    private void finishCall(int block, ByteArrayOutputStream out) {
        OpenCall call = calls.remove(block);
        if (call == null) {
            return;
        }
        ObjectNode part = GeminiAnswerWriter.call(call.call());
        malformed |= part == null;
        part(call.start.choice(), part, out);
    }

    private void cite(Annotation annotation) {
        if (citations.size() < MAX_CITATIONS) {
            GeminiAnswerWriter.cite(citations, List.of(annotation), "", 0);
        }
    }

    private void logprobs(ChatEvent.Logprobs logprobs, ByteArrayOutputStream out) {
        ObjectNode candidate = Json.mapper().createObjectNode();
        candidate.putObject("content").put("role", "model").putArray("parts");
        candidate.put("index", logprobs.choice());
        candidate.set("logprobsResult", GeminiLogprobs.write(logprobs.logprobs()));
        put("{\"candidates\":[" + candidate + "]" + tail, out);
    }

    private void part(int choice, @Nullable ObjectNode part, ByteArrayOutputStream out) {
        if (part != null) {
            chunk(choice, part.toString(), out);
        }
    }

    private void chunk(int choice, String part, ByteArrayOutputStream out) {
        put(
                "{\"candidates\":[{\"content\":{\"parts\":["
                        + part
                        + "],\"role\":\"model\"},\"index\":"
                        + choice
                        + "}]"
                        + tail,
                out);
    }

    /** The SDKs read reason and counts from the last chunk. */
    private void last(ByteArrayOutputStream out) {
        ObjectNode chunk = Json.mapper().createObjectNode();
        ArrayNode candidates = chunk.putArray("candidates");
        for (ChatEvent.Finish finish : finishes.values()) {
            ObjectNode candidate = candidates.addObject();
            ObjectNode content = candidate.putObject("content");
            content.putArray("parts").addObject().put("text", "");
            content.put("role", "model");
            String reason = GeminiStopReasons.write(finish.reason(), malformed);
            candidate.put("finishReason", reason);
            if (finish.reason() == StopReason.FILTER && refusal != null) {
                candidate.put("finishMessage", refusal);
            }
            candidate.put("index", finish.choice());
            if (finish.choice() == 0 && !citations.isEmpty()) {
                candidate.putObject("citationMetadata").set("citationSources", citations);
            }
        }
        chunk.set("usageMetadata", GeminiAnswerWriter.usage(usage == null ? Usage.NONE : usage));
        chunk.put("modelVersion", view.model()).put("responseId", view.id());
        put(chunk.toString(), out);
    }

    private void put(String json, ByteArrayOutputStream out) {
        if (array == null) {
            out.writeBytes(("data: " + json + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        } else {
            array.element(json.getBytes(StandardCharsets.UTF_8), out);
        }
    }
}
