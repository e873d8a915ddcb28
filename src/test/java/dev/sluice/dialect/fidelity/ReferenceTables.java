package dev.sluice.dialect.fidelity;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatError;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.ErrorKind;
import dev.sluice.chat.Extras;
import dev.sluice.chat.Part;
import dev.sluice.chat.StopReason;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.Trait;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** The tables of the page that follow from the code alone, without a probe. */
final class ReferenceTables {
    private static final Path RESOURCES = Path.of("src/main/resources");

    private ReferenceTables() {}

    static String text() throws IOException {
        return stopReasons() + errors() + streamErrors() + traits() + models() + providers();
    }

    private static String stopReasons() {
        List<List<String>> rows = new ArrayList<>();
        for (StopReason reason : StopReason.values()) {
            if (reason != StopReason.BROKEN) {
                rows.add(row(reason.name(), dialect -> stopped(dialect, reason)));
            }
        }
        return """

        ## How an answer says why it ended

        """
                + table(headed("reason"), rows);
    }

    private static String stopped(Dialect dialect, StopReason reason) {
        Part said =
                reason == StopReason.TOOL_CALLS
                        ? Part.ToolCall.of("call_1", "f", "{}")
                        : Part.Text.of("a");
        ChatAnswer.Choice choice = new ChatAnswer.Choice(0, List.of(said), reason, null, null);
        ChatAnswer answer =
                new ChatAnswer("id", "m", null, List.of(choice), null, null, Extras.NONE);
        ChatRequest request = ChatRequest.builder(dialect.protocol()).model("m").build();
        ClientView view = new ClientView(request, "id", "m", Instant.EPOCH, 0, true);
        JsonNode written = Json.tree(dialect.writeAnswer(answer, view));
        return words(
                written.at("/choices/0/finish_reason"),
                written.path("status"),
                written.at("/incomplete_details/reason"),
                written.path("stop_reason"),
                written.at("/candidates/0/finishReason"));
    }

    private static String errors() {
        List<List<String>> rows = new ArrayList<>();
        for (ErrorKind kind : ErrorKind.values()) {
            ChatError error = new ChatError(kind, null, "Why.", null);
            rows.add(
                    row(
                            kind.name(),
                            dialect -> dialect.status(error) + " " + worded(dialect, error)));
        }
        return """

        ## Errors of the gateway

        """
                + table(headed("kind"), rows);
    }

    private static String streamErrors() {
        List<List<String>> rows = new ArrayList<>();
        ChatError error = ChatError.of(ErrorKind.UPSTREAM_FAILED, "upstream_error", "Why.");
        for (Dialect dialect : Fidelity.DIALECTS) {
            String events = new String(dialect.errorEvents(error, "id"), StandardCharsets.UTF_8);
            String shown =
                    events.lines()
                            .filter(line -> !line.isBlank())
                            .map(ReferenceTables::code)
                            .collect(Collectors.joining("<br>"));
            rows.add(List.of(dialect.protocol().wireName(), shown));
        }
        return """

        ## What ends a stream that has failed

        """
                + table(List.of("client", "events"), rows);
    }

    private static String worded(Dialect dialect, ChatError error) {
        JsonNode said = Json.tree(dialect.errorBody(error, "id")).path("error");
        return said.has("status")
                ? words(said.path("status"))
                : words(said.path("type"), said.path("code"));
    }

    private static String traits() {
        List<List<String>> rows =
                Stream.of(Trait.values())
                        .map(trait ->
                                List.of(
                                        "`" + trait.wireName() + "`",
                                        trait.standard().isEmpty()
                                                ? "(empty)"
                                                : "`" + trait.standard() + "`",
                                        trait.meaning()))
                        .toList();
        return """

        ## Traits of upstreams

        In what an upstream may differ from its protocol: capabilities of an upstream, by these
        names. What the operator says counts first, then what the provider's name implies, then what
        the model's name implies, then the protocol's standard.

        """
                + table(List.of("capability", "standard", "meaning"), rows);
    }

    private static String models() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode entry : read("models.json")) {
            rows.add(
                    List.of(
                            code(entry.path("models").stringValue()),
                            entry.path("max_output_tokens").asString(""),
                            flags(entry.path("traits"))));
        }
        return """

        ### What models' names imply

        The first pattern that fits the name, without a vendor's prefix, counts.

        """
                + table(List.of("model", "most output tokens", "traits"), rows);
    }

    private static String providers() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (JsonNode entry : read("providers.json")) {
            rows.add(
                    List.of(
                            names(entry),
                            entry.has("protocols")
                                    ? listed(entry.path("protocols").values())
                                    : "`openai-chat`, older names",
                            code(entry.path("base_url").asString("")),
                            flags(entry.path("capabilities"))));
        }
        return """

        ### What providers' names imply

        *Older names* are `"developerRole":"false"` and `"maxTokensField":"max_tokens"`; any provider
        that is not listed is taken for one of these.

        """
                + table(List.of("provider", "protocols", "address", "capabilities"), rows);
    }

    private static String names(JsonNode entry) {
        String name = code(entry.path("provider").stringValue());
        return entry.has("aliases") ? name + ", " + listed(entry.path("aliases").values()) : name;
    }

    private static String flags(JsonNode flags) {
        return flags.properties().stream()
                .map(flag -> code(flag.getKey() + "=" + flag.getValue().stringValue()))
                .collect(Collectors.joining(", "));
    }

    private static JsonNode read(String resource) throws IOException {
        return Json.tree(Files.readAllBytes(RESOURCES.resolve(resource)));
    }

    private static String words(JsonNode... nodes) {
        return listed(List.of(nodes));
    }

    private static String listed(Iterable<JsonNode> nodes) {
        List<String> words = new ArrayList<>();
        nodes.forEach(node -> {
            if (node.isString()) {
                words.add(code(node.stringValue()));
            }
        });
        return String.join(", ", words);
    }

    private static String code(String text) {
        return text.isEmpty() ? "" : "`" + text.replace("|", "\\|") + "`";
    }

    private static List<String> row(String name, Function<Dialect, String> cell) {
        List<String> cells = new ArrayList<>();
        cells.add(name.toLowerCase(Locale.ROOT).replace('_', ' '));
        Fidelity.DIALECTS.forEach(dialect -> cells.add(cell.apply(dialect)));
        return cells;
    }

    private static List<String> headed(String first) {
        List<String> names = new ArrayList<>(List.of(first));
        Fidelity.DIALECTS.forEach(dialect -> names.add(dialect.protocol().wireName()));
        return names;
    }

    static String table(List<String> head, List<List<String>> rows) {
        StringBuilder table = new StringBuilder(line(head));
        table.append("|---".repeat(head.size())).append("|\n");
        rows.forEach(row -> table.append(line(row)));
        return table.toString();
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
