package dev.sluice.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One turn of a conversation.
 *
 * <ul>
 *   <li>{@link Role#SYSTEM} and {@link Role#DEVELOPER} stand where they were said, at the head or
 *       later. Parts: text.
 *   <li>{@link Role#USER}: anything but calls, results, reasoning and refusals.
 *   <li>{@link Role#ASSISTANT}: text, refusals, reasoning, calls, and media it made, in order. All
 *       consecutive assistant-side items of a client are one message.
 *   <li>{@link Role#TOOL}: only {@link Part.ToolResult}s. All results of one turn are one message,
 *       directly after the assistant's; what the user adds is the next message.
 * </ul>
 *
 * @param name the participant's, where the client gave one
 * @param path the client's own path of it, such as {@code messages[3]}; of the first where several
 *     became one
 */
public record Message(
        Role role, List<Part> parts, @Nullable String name, Extras extras, String path) {

    public enum Role {
        SYSTEM,
        DEVELOPER,
        USER,
        ASSISTANT,
        TOOL;

        /** {@return whether it instructs the model rather than takes part in the conversation} */
        public boolean instructs() {
            return this == SYSTEM || this == DEVELOPER;
        }
    }

    public Message {
        parts = List.copyOf(parts);
    }

    public static Message of(Role role, List<Part> parts, String path) {
        return new Message(role, parts, null, Extras.NONE, path);
    }

    /** {@return this message with other parts} */
    public Message with(List<Part> others) {
        return new Message(role, others, name, extras, path);
    }
}
