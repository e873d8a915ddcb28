package dev.sluice.dialect.openai.chat.answer;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatErrorWriter;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatReasoning;
import dev.sluice.dialect.openai.chat.wire.OpenAiChatStopReasons;
import dev.sluice.dialect.rules.Seals;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;

/**
 * A stream for a Chat client, by the rules that its SDKs need (wire-contract §2.10): a role first
 * in every choice, calls numbered densely within theirs, usage alone and last.
 */
public final class OpenAiChatEventWriter implements EventWriter {
    private static final String DONE = "data: [DONE]\n\n";

    /** Where a call stands: its choice, its number there, and whether it is free text. */
    private record Call(int choice, int number, boolean custom) {}

    private final String head;
    private final boolean usageWanted;
    private final Set<Integer> begun = new HashSet<>();
    private final Map<Integer, Call> calls = new HashMap<>();
    private final Map<Integer, Integer> callsOfChoice = new HashMap<>();
    private final Set<Integer> reasoningWithText = new HashSet<>();
    private final Map<Integer, Integer> textBlocks = new HashMap<>();
    private @Nullable Usage usage;

    public OpenAiChatEventWriter(ClientView view) {
        head =
                "data: {\"id\":"
                        + Json.quoted(OpenAiChatAnswerWriter.id(view))
                        + ",\"object\":\"chat.completion.chunk\",\"created\":"
                        + view.created().getEpochSecond()
                        + ",\"model\":"
                        + Json.quoted(view.model())
                        + ",\"choices\":[";
        usageWanted = view.request().streamUsage();
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Start _ -> begin(0, out);
            case ChatEvent.Text text -> {
                textBlocks.put(text.choice(), text.block());
                delta(text.choice(), "\"content\":" + Json.quoted(text.text()), out);
            }
            case ChatEvent.Reasoning reasoning -> {
                reasoningWithText.add(reasoning.block());
                String text = Json.quoted(reasoning.text());
                delta(reasoning.choice(), "\"reasoning_content\":" + text, out);
            }
            case ChatEvent.Refusal refusal ->
                    delta(refusal.choice(), "\"refusal\":" + Json.quoted(refusal.text()), out);
            case ChatEvent.Sealed sealed -> seal(sealed, out);
            case ChatEvent.CallStart start -> start(start, out);
            case ChatEvent.CallArguments piece -> arguments(piece, out);
            case ChatEvent.Annotated annotated -> annotation(annotated, out);
            case ChatEvent.Whole whole -> whole(whole, out);
            case ChatEvent.BlockEnd end -> {
                reasoningWithText.remove(end.block());
                calls.remove(end.block());
            }
            case ChatEvent.Logprobs logprobs ->
                    chunk(
                            logprobs.choice(),
                            "{}",
                            ",\"logprobs\":" + logprobs.logprobs() + ",\"finish_reason\":null",
                            out);
            case ChatEvent.UsageReported report ->
                    usage = usage == null ? report.usage() : usage.updatedBy(report.usage());
            case ChatEvent.Finish finish -> finish(finish, out);
            case ChatEvent.Failed failed ->
                    fail(
                            ChatError.of(
                                    ErrorKind.UPSTREAM_FAILED,
                                    "upstream_error",
                                    failed.error().message()),
                            out);
            case ChatEvent.Ping _ -> put(": ping\n\n", out);
        }
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        if (usageWanted && usage != null) {
            put(head + "],\"usage\":" + OpenAiChatAnswerWriter.usage(usage) + "}\n\n", out);
        }
        put(DONE, out);
    }

    @Override
    public void fail(ChatError error, ByteArrayOutputStream out) {
        out.writeBytes(OpenAiChatErrorWriter.event(error));
    }

    private void begin(int choice, ByteArrayOutputStream out) {
        if (begun.add(choice)) {
            chunk(
                    choice,
                    "{\"role\":\"assistant\",\"content\":\"\",\"refusal\":null}",
                    ",\"logprobs\":null,\"finish_reason\":null",
                    out);
        }
    }

    private void delta(int choice, String fields, ByteArrayOutputStream out) {
        begin(choice, out);
        chunk(choice, "{" + fields + "}", ",\"logprobs\":null,\"finish_reason\":null", out);
    }

    private void chunk(int choice, String delta, String rest, ByteArrayOutputStream out) {
        put(head + "{\"index\":" + choice + ",\"delta\":" + delta + rest + "}]}\n\n", out);
    }

    private void start(ChatEvent.CallStart start, ByteArrayOutputStream out) {
        int number = callsOfChoice.merge(start.choice(), 1, Integer::sum) - 1;
        calls.put(start.block(), new Call(start.choice(), number, start.custom()));
        String type = start.custom() ? "custom" : "function";
        String body =
                "{\"name\":"
                        + Json.quoted(start.name())
                        + (start.custom() ? ",\"input\":\"\"}" : ",\"arguments\":\"\"}");
        call(
                start.choice(),
                "{\"index\":%d,\"id\":%s,\"type\":\"%s\",\"%s\":%s}"
                        .formatted(number, Json.quoted(start.id()), type, type, body),
                out);
    }

    private void arguments(ChatEvent.CallArguments piece, ByteArrayOutputStream out) {
        Call call = calls.get(piece.block());
        if (call == null) {
            return;
        }
        String body = call.custom ? "\"custom\":{\"input\":" : "\"function\":{\"arguments\":";
        call(
                call.choice,
                "{\"index\":" + call.number + "," + body + Json.quoted(piece.piece()) + "}}",
                out);
    }

    private void call(int choice, String json, ByteArrayOutputStream out) {
        delta(choice, "\"tool_calls\":[" + json + "]", out);
    }

    private void seal(ChatEvent.Sealed sealed, ByteArrayOutputStream out) {
        Call call = calls.get(sealed.block());
        Seal seal = sealed.seal();
        if (call != null) {
            String signature = Json.quoted(Seals.wrap(seal));
            call(
                    call.choice,
                    "{\"index\":"
                            + call.number
                            + ",\"function\":{\"arguments\":\"\"},\"extra_content\":{\"google\":{\"thought_signature\":"
                            + signature
                            + "}}}",
                    out);
            return;
        }
        if (Integer.valueOf(sealed.block()).equals(textBlocks.get(sealed.choice()))) {
            return;
        }
        boolean hasText = reasoningWithText.contains(sealed.block());
        String detail = OpenAiChatReasoning.sealDetail(seal, hasText, sealed.block());
        delta(sealed.choice(), "\"reasoning_details\":[" + detail + "]", out);
    }

    private void annotation(ChatEvent.Annotated annotated, ByteArrayOutputStream out) {
        ArrayNode array = Json.mapper().createArrayNode();
        OpenAiChatAnswerWriter.annotation(array, annotated.annotation());
        if (!array.isEmpty()) {
            delta(0, "\"annotations\":" + array, out);
        }
    }

    private void whole(ChatEvent.Whole whole, ByteArrayOutputStream out) {
        if (whole.part() instanceof Part.Image image) {
            String json = "\"images\":[" + OpenAiChatAnswerWriter.image(image) + "]";
            delta(whole.choice(), json, out);
        }
    }

    private void finish(ChatEvent.Finish finish, ByteArrayOutputStream out) {
        begin(finish.choice(), out);
        if (finish.reason() == StopReason.BROKEN) {
            fail(
                    ChatError.of(
                            ErrorKind.UPSTREAM_FAILED,
                            "upstream_error",
                            "The upstream broke the answer off."),
                    out);
            return;
        }
        String reason = OpenAiChatStopReasons.write(finish.reason());
        String rest = ",\"logprobs\":null,\"finish_reason\":\"" + reason + "\"";
        chunk(finish.choice(), "{}", rest, out);
    }

    private static void put(String text, ByteArrayOutputStream out) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
