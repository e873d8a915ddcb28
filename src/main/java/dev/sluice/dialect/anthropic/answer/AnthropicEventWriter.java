package dev.sluice.dialect.anthropic.answer;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.StopReason;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.anthropic.wire.AnthropicErrorWriter;
import dev.sluice.dialect.anthropic.wire.AnthropicStopReasons;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.rules.FirstChoice;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A stream for a Messages client, by the rules that its SDKs need (wire-contract §2.10): one block
 * open at a time, the pieces of others held back until it ends, and one {@code message_delta} at
 * the very end, when usage is known.
 */
public final class AnthropicEventWriter implements EventWriter {
    public static final String PING = "event: ping\ndata: {\"type\":\"ping\"}\n\n";

    private static final int NONE = -1;

    private final ClientView view;
    private final AnthropicBlockWriter blocks;
    private final FirstChoice first = new FirstChoice();
    private final Map<Integer, List<ChatEvent>> waiting = new LinkedHashMap<>();

    private int active = NONE;
    private boolean begun;
    private boolean over;
    private @Nullable Usage usage;
    private StopReason reason = StopReason.STOP;
    private @Nullable String stopSequence;

    public AnthropicEventWriter(ClientView view) {
        this.view = view;
        this.blocks = new AnthropicBlockWriter(view);
    }

    @Override
    public void write(ChatEvent event, ByteArrayOutputStream out) {
        if (over || first.excludes(event)) {
            return;
        }
        switch (event) {
            case ChatEvent.Start _ -> begin(out);
            case ChatEvent.Text text -> piece(text.block(), event, out);
            case ChatEvent.Reasoning thought -> piece(thought.block(), event, out);
            case ChatEvent.Refusal refusal -> piece(refusal.block(), event, out);
            case ChatEvent.Sealed sealed -> piece(sealed.block(), event, out);
            case ChatEvent.CallStart start -> piece(start.block(), event, out);
            case ChatEvent.CallArguments arguments -> piece(arguments.block(), event, out);
            case ChatEvent.Annotated annotated -> piece(annotated.block(), event, out);
            case ChatEvent.Whole whole -> piece(whole.block(), event, out);
            case ChatEvent.BlockEnd end -> piece(end.block(), event, out);
            case ChatEvent.Logprobs _ -> {
                // Anthropic has no place for them.
            }
            case ChatEvent.UsageReported report ->
                    usage = usage == null ? report.usage() : usage.updatedBy(report.usage());
            case ChatEvent.Finish finish -> {
                reason = finish.reason();
                stopSequence = finish.stopSequence();
            }
            case ChatEvent.Failed failed -> fail(upstreamFailed(failed.error().message()), out);
            case ChatEvent.Ping _ -> put(PING, out);
        }
    }

    @Override
    public void end(ByteArrayOutputStream out) {
        if (over) {
            return;
        }
        if (reason == StopReason.BROKEN) {
            fail(upstreamFailed("The upstream broke the answer off."), out);
            return;
        }
        begin(out);
        while (active != NONE) {
            close(out);
        }
        over = true;
        String said = AnthropicStopReasons.write(reason, blocks.anyCall());
        String sequence = stopSequence == null ? "null" : Json.quoted(stopSequence);
        String counted =
                usage == null
                        ? "{\"output_tokens\":0}"
                        : AnthropicAnswerWriter.usage(usage).toString();
        put(
                "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\""
                        + said
                        + "\",\"stop_sequence\":"
                        + sequence
                        + "},\"usage\":"
                        + counted
                        + "}\n\nevent: message_stop\ndata: {\"type\":\"message_stop\"}\n\n",
                out);
    }

    @Override
    public void fail(ChatError error, ByteArrayOutputStream out) {
        over = true;
        out.writeBytes(AnthropicErrorWriter.event(error, null));
    }

    private static ChatError upstreamFailed(String message) {
        return ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", message);
    }

    /** Clients read how full their context is from the first event already. */
    private void begin(ByteArrayOutputStream out) {
        if (begun) {
            return;
        }
        begun = true;
        put(
                "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":"
                        + Json.quoted(AnthropicAnswerWriter.id(view))
                        + ",\"type\":\"message\",\"role\":\"assistant\",\"model\":"
                        + Json.quoted(view.model())
                        + ",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,"
                        + "\"usage\":{\"input_tokens\":"
                        + view.estimatedInputTokens()
                        + ",\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
                        + "\"output_tokens\":0}}}\n\n",
                out);
    }

    private void piece(int block, ChatEvent event, ByteArrayOutputStream out) {
        if (active == NONE) {
            active = block;
        }
        if (active != block) {
            waiting.computeIfAbsent(block, unseen -> new ArrayList<>()).add(event);
        } else if (event instanceof ChatEvent.BlockEnd) {
            close(out);
        } else {
            begin(out);
            blocks.write(event, out);
        }
    }

    /** Closes the open block, and goes on with those that waited, until one is still open. */
    private void close(ByteArrayOutputStream out) {
        blocks.close(out);
        active = NONE;
        while (active == NONE && !waiting.isEmpty()) {
            int next = waiting.keySet().iterator().next();
            List<ChatEvent> events = Objects.requireNonNull(waiting.remove(next));
            active = next;
            begin(out);
            for (ChatEvent event : events) {
                if (event instanceof ChatEvent.BlockEnd) {
                    blocks.close(out);
                    active = NONE;
                } else {
                    blocks.write(event, out);
                }
            }
        }
    }

    private static void put(String text, ByteArrayOutputStream out) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
