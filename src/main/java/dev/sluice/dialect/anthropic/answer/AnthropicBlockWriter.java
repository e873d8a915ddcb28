package dev.sluice.dialect.anthropic.answer;

import static dev.sluice.chat.Protocol.ANTHROPIC;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a stream for a Messages client, one after another. A block is opened on the wire
 * only for content, so that none is empty; the one exception is a call, which gets an empty piece
 * of input where it has no arguments, because the SDKs need one.
 */
final class AnthropicBlockWriter {
    private enum Open {
        NOTHING,
        TEXT,
        THINKING,
        CALL
    }

    private final ClientView view;
    private Open open = Open.NOTHING;
    private int next;
    private boolean anyCall;
    private @Nullable Seal seal;
    private ChatEvent.@Nullable CallStart heldCall;

    AnthropicBlockWriter(ClientView view) {
        this.view = view;
    }

    /** {@return whether a call was written} */
    boolean anyCall() {
        return anyCall;
    }

    void write(ChatEvent event, ByteArrayOutputStream out) {
        switch (event) {
            case ChatEvent.Text text -> text(text.text(), out);
            case ChatEvent.Refusal refusal -> text(refusal.text(), out);
            case ChatEvent.Reasoning thought -> {
                open(
                        Open.THINKING,
                        "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                        out);
                delta("thinking_delta", "thinking", thought.text(), out);
            }
            case ChatEvent.Sealed sealed -> seal = sealed.seal();
            case ChatEvent.CallStart start -> heldCall = start;
            case ChatEvent.CallArguments arguments -> {
                releaseCall(out);
                if (open == Open.CALL) {
                    delta("input_json_delta", "partial_json", arguments.piece(), out);
                }
            }
            case ChatEvent.Annotated annotated -> {
                if (open == Open.TEXT && annotated.annotation().origin() == ANTHROPIC) {
                    String citation = annotated.annotation().json().toString();
                    delta("{\"type\":\"citations_delta\",\"citation\":" + citation + "}", out);
                }
            }
            case ChatEvent.Whole whole -> {
                if (whole.part() instanceof Part.Foreign foreign && foreign.origin() == ANTHROPIC) {
                    whole(foreign.json().toString(), out);
                }
            }
            case ChatEvent.Start _,
                    ChatEvent.BlockEnd _,
                    ChatEvent.Logprobs _,
                    ChatEvent.UsageReported _,
                    ChatEvent.Finish _,
                    ChatEvent.Failed _,
                    ChatEvent.Ping _ -> {
                // Not a piece of a block.
            }
        }
    }

    void close(ByteArrayOutputStream out) {
        releaseCall(out);
        if (open == Open.THINKING) {
            String signature = AnthropicAnswerWriter.signature(seal, view);
            delta("signature_delta", "signature", signature, out);
        } else if (open == Open.NOTHING && seal != null) {
            sealAlone(seal, out);
        }
        seal = null;
        stop(out);
    }

    private void text(String text, ByteArrayOutputStream out) {
        open(Open.TEXT, "{\"type\":\"text\",\"text\":\"\"}", out);
        delta("text_delta", "text", text, out);
    }

    private void sealAlone(Seal alone, ByteArrayOutputStream out) {
        if (AnthropicAnswerWriter.isAlone("", alone)) {
            whole(AnthropicAnswerWriter.redacted(alone).toString(), out);
            return;
        }
        open(Open.THINKING, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}", out);
        delta("signature_delta", "signature", AnthropicAnswerWriter.signature(alone, view), out);
    }

    /** A call waits for its seal, which travels in a block of its own before it. */
    private void releaseCall(ByteArrayOutputStream out) {
        ChatEvent.CallStart call = heldCall;
        if (call == null) {
            return;
        }
        heldCall = null;
        if (seal != null) {
            whole(AnthropicAnswerWriter.redacted(seal).toString(), out);
            seal = null;
        }
        String block =
                "{\"type\":\"tool_use\",\"id\":"
                        + Json.quoted(call.id())
                        + ",\"name\":"
                        + Json.quoted(call.name())
                        + ",\"input\":{}}";
        open(Open.CALL, block, out);
        delta("input_json_delta", "partial_json", "", out);
        anyCall = true;
    }

    private void whole(String block, ByteArrayOutputStream out) {
        stop(out);
        start(block, out);
        open = Open.TEXT;
        stop(out);
    }

    private void open(Open kind, String block, ByteArrayOutputStream out) {
        if (open == kind) {
            return;
        }
        stop(out);
        start(block, out);
        open = kind;
    }

    private void start(String block, ByteArrayOutputStream out) {
        put(
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":"
                        + next
                        + ",\"content_block\":"
                        + block
                        + "}\n\n",
                out);
    }

    private void stop(ByteArrayOutputStream out) {
        if (open == Open.NOTHING) {
            return;
        }
        open = Open.NOTHING;
        put(
                "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":"
                        + next
                        + "}\n\n",
                out);
        next++;
    }

    private void delta(String type, String field, String text, ByteArrayOutputStream out) {
        delta("{\"type\":\"" + type + "\",\"" + field + "\":" + Json.quoted(text) + "}", out);
    }

    private void delta(String delta, ByteArrayOutputStream out) {
        put(
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":"
                        + next
                        + ",\"delta\":"
                        + delta
                        + "}\n\n",
                out);
    }

    private static void put(String text, ByteArrayOutputStream out) {
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
}
