package dev.sluice.dialect.openai.responses.request;

import static dev.sluice.chat.Protocol.OPENAI_RESPONSES;

import dev.sluice.chat.Extras;
import dev.sluice.chat.Loss.Severity;
import dev.sluice.chat.Message;
import dev.sluice.chat.Message.Role;
import dev.sluice.chat.Part;
import dev.sluice.chat.Seal;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.openai.responses.wire.NamespacedTools;
import dev.sluice.dialect.openai.responses.wire.OpenAiResponsesReasoning;
import dev.sluice.dialect.rules.Fields;
import dev.sluice.dialect.rules.Seals;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** The input items of a request, each as a message of its own. For one request. */
final class OpenAiResponsesItemReader {
    private static final String OWN_FAMILY = "openai";

    private boolean refersToStored;

    /** {@return whether an item stands for one that only its provider has} */
    boolean refersToStored() {
        return refersToStored;
    }

    Message read(JsonNode node, String path) throws MalformedRequest {
        Fields item = Fields.of(node, path);
        String said = item.string("type");
        String type = said == null ? implied(node) : said;
        return switch (type) {
            case "message" -> message(item);
            case "function_call" -> one(Role.ASSISTANT, call(item, false), path);
            case "custom_tool_call" -> one(Role.ASSISTANT, call(item, true), path);
            case "function_call_output" -> one(Role.TOOL, result(item, false), path);
            case "custom_tool_call_output" -> one(Role.TOOL, result(item, true), path);
            case "reasoning" -> one(Role.ASSISTANT, reasoning(item), path);
            case "item_reference", "compaction" -> stored(type, node, path);
            default -> hosted(type, node, path);
        };
    }

    /** An item without a type is a message, or a reference where it has nothing but an id. */
    private static String implied(JsonNode node) {
        return node.has("id") && !node.has("role") ? "item_reference" : "message";
    }

    /** Reasoning of the gateway's making is another provider's, and can be done without. */
    private Message stored(String type, JsonNode node, String path) {
        boolean made = node.path("id").asString("").startsWith(OpenAiResponsesReasoning.MADE_ID);
        refersToStored |= !made;
        Severity severity = made ? Severity.SILENT : Severity.WRONG;
        return foreign(Role.ASSISTANT, type, node, severity, path);
    }

    private static Message one(Role role, Part part, String path) {
        return Message.of(role, List.of(part), path);
    }

    private static Message foreign(
            Role role, String type, JsonNode node, Severity severity, String path) {
        return one(role, new Part.Foreign(OPENAI_RESPONSES, type, node, severity), path);
    }

    /** What a hosted tool did is the history's ornament; what it is told is not. */
    private static Message hosted(String type, JsonNode node, String path) {
        boolean answer =
                type.endsWith("_output") || type.endsWith("_response") || type.endsWith("_result");
        return answer
                ? foreign(Role.USER, type, node, Severity.WRONG, path)
                : foreign(Role.ASSISTANT, type, node, Severity.WEAKER, path);
    }

    private static Message message(Fields item) throws MalformedRequest {
        String word = item.requiredString("role");
        Role role =
                switch (word) {
                    case "system" -> Role.SYSTEM;
                    case "developer" -> Role.DEVELOPER;
                    case "user" -> Role.USER;
                    case "assistant" -> Role.ASSISTANT;
                    default ->
                            throw Fields.wrong(
                                    item.path("role"),
                                    "one of developer, system, user and assistant");
                };
        item.take("id");
        item.take("status");
        item.extra(Severity.SILENT, "phase");
        List<Part> parts = OpenAiResponsesPartReader.content(item, "content");
        if (role.instructs() && parts.stream().anyMatch(part -> !(part instanceof Part.Text))) {
            throw Fields.wrong(item.path("content"), "text in a " + word + " message");
        }
        String name = item.string("name");
        return new Message(role, parts, name, item.rest(OPENAI_RESPONSES), item.path());
    }

    private static Part call(Fields item, boolean custom) throws MalformedRequest {
        item.take("status");
        String id = item.requiredString("call_id");
        String itemId = item.string("id");
        String namespace = item.string(NamespacedTools.TYPE);
        String name = NamespacedTools.joined(namespace, item.requiredString("name"));
        String given = item.string(custom ? "input" : "arguments");
        String said = given == null ? "" : given;
        Fields extra = item.object("extra_content");
        Fields google = extra == null ? null : extra.object("google");
        Seal seal =
                google == null
                        ? null
                        : Seals.read(
                                google.string("thought_signature"), "google", Seal.Kind.THOUGHT);
        return new Part.ToolCall(
                id,
                itemId,
                name,
                said.isEmpty() && !custom ? "{}" : said,
                custom,
                seal,
                null,
                item.rest(OPENAI_RESPONSES));
    }

    private static Part result(Fields item, boolean custom) throws MalformedRequest {
        item.take("id");
        item.take("status");
        String callId = item.requiredString("call_id");
        List<Part> content = OpenAiResponsesPartReader.content(item, "output");
        return new Part.ToolResult(
                callId, null, content, false, custom, null, item.rest(OPENAI_RESPONSES));
    }

    private static Part reasoning(Fields item) throws MalformedRequest {
        String text = OpenAiResponsesReasoning.text(item.list("summary"));
        String shown = OpenAiResponsesReasoning.text(item.list("content"));
        Seal seal = Seals.read(item.string("encrypted_content"), OWN_FAMILY, Seal.Kind.ENCRYPTED);
        return new Part.Reasoning(
                text.isEmpty() ? shown : text, seal, item.string("id"), Extras.NONE);
    }
}
