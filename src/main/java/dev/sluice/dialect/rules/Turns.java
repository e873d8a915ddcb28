package dev.sluice.dialect.rules;

import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Part.ToolCall;
import dev.sluice.chat.Part.ToolResult;
import dev.sluice.dialect.MalformedRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The order of a conversation: one assistant turn is one message, and each call of it is answered
 * by one result directly after it, in the order of the calls (wire-contract §2.4, §2.5).
 */
public final class Turns {
    private Turns() {}

    /**
     * {@return the messages as readers hand them on: consecutive assistant messages one,
     * consecutive results one and in the order of their calls, each result with its tool's name}
     *
     * @throws MalformedRequest on a call without a result, or a result without a call, naming its
     *     id
     */
    public static List<Message> settled(List<Message> messages) throws MalformedRequest {
        List<Message> merged = merged(messages, Role.ASSISTANT, Role.TOOL);
        List<Message> settled = new ArrayList<>(merged.size());
        Map<String, ToolCall> open = Map.of();
        for (Message message : merged) {
            if (message.role() == Role.TOOL) {
                settled.add(answered(message, open));
                open = Map.of();
            } else {
                requireNone(open);
                settled.add(message);
                open = calls(message);
            }
        }
        requireNone(open);
        return settled;
    }

    /** {@return the messages, neighbours of one role made one where the role is among those} */
    public static List<Message> merged(List<Message> messages, Role... roles) {
        List<Role> mergeable = List.of(roles);
        List<Message> merged = new ArrayList<>(messages.size());
        for (Message message : messages) {
            Message last = merged.isEmpty() ? null : merged.getLast();
            if (last != null
                    && last.role() == message.role()
                    && mergeable.contains(message.role())) {
                List<Part> parts = new ArrayList<>(last.parts());
                parts.addAll(message.parts());
                merged.set(merged.size() - 1, last.with(parts));
            } else {
                merged.add(message);
            }
        }
        return merged;
    }

    /** {@return how many instructions stand at the head} */
    public static int leadingInstructions(List<Message> messages) {
        int count = 0;
        while (count < messages.size() && messages.get(count).role().instructs()) {
            count++;
        }
        return count;
    }

    /** {@return the names of all tools that the messages call} */
    public static List<String> calledTools(List<Message> messages) {
        List<String> names = new ArrayList<>();
        for (Message message : messages) {
            for (Part part : message.parts()) {
                if (part instanceof ToolCall call) {
                    names.add(call.name());
                }
            }
        }
        return names;
    }

    private static Map<String, ToolCall> calls(Message message) throws MalformedRequest {
        Map<String, ToolCall> calls = new LinkedHashMap<>();
        if (message.role() != Role.ASSISTANT) {
            return calls;
        }
        for (Part part : message.parts()) {
            if (part instanceof ToolCall call && calls.put(call.id(), call) != null) {
                throw new MalformedRequest(
                        "Two tool calls have the id \"" + shown(call.id()) + "\".", message.path());
            }
        }
        return calls;
    }

    private static Message answered(Message results, Map<String, ToolCall> calls)
            throws MalformedRequest {
        Map<String, ToolResult> byId = new LinkedHashMap<>();
        for (Part part : results.parts()) {
            if (!(part instanceof ToolResult result)) {
                continue;
            }
            if (!calls.containsKey(result.callId())) {
                throw new MalformedRequest(
                        "The tool result for \""
                                + shown(result.callId())
                                + "\" answers no call of the assistant's turn before it.",
                        results.path());
            }
            if (byId.put(result.callId(), result) != null) {
                throw new MalformedRequest(
                        "The tool call \"" + shown(result.callId()) + "\" has two results.",
                        results.path());
            }
        }
        List<Part> ordered = new ArrayList<>(calls.size());
        for (ToolCall call : calls.values()) {
            ToolResult result = byId.get(call.id());
            if (result == null) {
                throw unanswered(call);
            }
            ordered.add(named(result, call));
        }
        return results.with(ordered);
    }

    private static ToolResult named(ToolResult result, ToolCall call) {
        return new ToolResult(
                result.callId(),
                call.name(),
                result.content(),
                result.error(),
                call.custom(),
                result.cache(),
                result.extras());
    }

    private static void requireNone(Map<String, ToolCall> open) throws MalformedRequest {
        if (!open.isEmpty()) {
            throw unanswered(open.values().iterator().next());
        }
    }

    private static MalformedRequest unanswered(ToolCall call) {
        return new MalformedRequest(
                "The tool call \""
                        + shown(call.id())
                        + "\" has no result directly after the assistant's turn.",
                null);
    }

    private static String shown(String id) {
        return id.substring(0, Math.min(80, id.length()));
    }
}
