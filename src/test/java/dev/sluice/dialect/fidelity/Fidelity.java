package dev.sluice.dialect.fidelity;

import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.MalformedRequest;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What becomes of one thing that a client says, at an upstream of one dialect. Nothing is believed:
 * what no loss is told of must be in the body that goes out, so that the upstream's own reader
 * finds it there and the client's own writer says it again, or the probe must say what stands for
 * it.
 */
record Fidelity(Dialect client, Dialect upstream, ObjectNode bare, Probe probe) {
    static final List<Dialect> DIALECTS =
            List.of(
                    new OpenAiChatDialect(),
                    new OpenAiResponsesDialect(),
                    new AnthropicDialect(),
                    new GeminiDialect());

    private static final Map<Trait, String> GENEROUS =
            Map.of(
                    Trait.REASONING_IN, "reasoning_details",
                    Trait.CACHE_MARKS, "breakpoint",
                    Trait.PREFILL, "true",
                    Trait.TOP_K, "true",
                    Trait.SYSTEM_ANYWHERE, "true",
                    Trait.LABELS, "true");

    private static final Outcome UNNEEDED_NOTE =
            new Outcome.Wrong("it is said, there is no need for a note");

    /** How a probe fares. */
    sealed interface Outcome {
        record AsItIs() implements Outcome {}

        /**
         * @param fields of the outgoing body that the probe made
         */
        record Said(List<String> fields) implements Outcome {}

        record SaidAs(ObjectNode json) implements Outcome {}

        record NotNeeded(String why) implements Outcome {}

        record Never(String why) implements Outcome {}

        /** Of an answer: the client is told the same. */
        record Whole() implements Outcome {}

        /** Of an answer: the client is told all but these. */
        record Without(List<String> names, String why) implements Outcome {}

        record Told(List<String> codes) implements Outcome {}

        record Refused(List<String> codes) implements Outcome {}

        /** A silent loss, or a note that is not true: the test fails. */
        record Wrong(String why) implements Outcome {}
    }

    Outcome outcome() {
        try {
            return client.protocol() == upstream.protocol() ? own() : translated();
        } catch (MalformedRequest e) {
            return new Outcome.Wrong(e.param() + ": " + e.getMessage());
        }
    }

    /** The canonical form must hold whatever its own dialect says. */
    private Outcome own() throws MalformedRequest {
        Written written = client.writeRequest(read(), generous(client.protocol()));
        JsonNode again = tree(written);
        ObjectNode said = probe.over(Json.mapper().createObjectNode());
        boolean kept = Trees.says(again, said) && written.losses().isEmpty();
        return switch (probe.notes().get(client.protocol())) {
            case Probe.Note.NotNeeded _ when kept -> UNNEEDED_NOTE;
            case Probe.Note.NotNeeded _ -> new Outcome.AsItIs();
            case Probe.Note.SaidAs as when !kept && Trees.says(again, as.json()) ->
                    new Outcome.AsItIs();
            case null, default ->
                    kept
                            ? new Outcome.AsItIs()
                            : new Outcome.Wrong(
                                    "its own dialect says " + again + ", lost " + written.losses());
        };
    }

    private Outcome translated() throws MalformedRequest {
        Written written = upstream.writeRequest(read(), told());
        List<Loss> losses = new ArrayList<>(written.losses());
        Written without = upstream.writeRequest(read(bare), told());
        losses.removeAll(without.losses());
        Probe.Note note = probe.notes().get(upstream.protocol());
        if (losses.isEmpty()) {
            return unmarred(written, Trees.added(tree(without), tree(written)), note);
        }
        if (note != null) {
            return new Outcome.Wrong("a note on what is told anyway: " + losses);
        }
        List<String> codes = losses.stream().map(Loss::code).distinct().toList();
        return losses.stream().anyMatch(Loss::isRefusal)
                ? new Outcome.Refused(codes)
                : new Outcome.Told(codes);
    }

    private Outcome unmarred(Written written, List<String> added, Probe.@Nullable Note note)
            throws MalformedRequest {
        JsonNode body = tree(written);
        ChatRequest understood = upstream.readRequest(written.body(), envelope(written));
        JsonNode again = tree(client.writeRequest(understood, generous(client.protocol())));
        boolean kept = !added.isEmpty() && Trees.says(again, saidInOwnWords());
        return switch (note) {
            case Probe.Note.SaidAs as when Trees.says(body, as.json()) ->
                    new Outcome.SaidAs(as.json());
            case Probe.Note.SaidAs _ -> new Outcome.Wrong("not said as noted, but " + body);
            case Probe.Note.NotNeeded _ when kept -> UNNEEDED_NOTE;
            case Probe.Note.NotNeeded needless -> new Outcome.NotNeeded(needless.why());
            case Probe.Note.Never never -> new Outcome.Never(never.why());
            case null ->
                    kept
                            ? new Outcome.Said(added)
                            : new Outcome.Wrong(
                                    "silent: sent " + body + ", understood as " + again);
        };
    }

    /** The probe as its own dialect's writer has it, so that old words count as the new ones. */
    private ObjectNode saidInOwnWords() throws MalformedRequest {
        if (probe.notes().get(client.protocol()) instanceof Probe.Note.NotNeeded) {
            return probe.over(Json.mapper().createObjectNode());
        }
        UpstreamTraits traits = generous(client.protocol());
        ObjectNode said = tree(client.writeRequest(read(), traits));
        JsonNode without = tree(client.writeRequest(read(bare), traits));
        said.remove(
                said.propertyNames().stream()
                        .filter(name -> said.get(name).equals(without.get(name)))
                        .toList());
        return said;
    }

    private static Envelope envelope(Written written) {
        String betas = written.headers().getOrDefault("anthropic-beta", "");
        return new Envelope(
                "m",
                written.path().contains("stream"),
                betas.isEmpty() ? List.of() : List.of(betas.split(",")));
    }

    private ChatRequest read() throws MalformedRequest {
        return read(probe.over(bare));
    }

    private ChatRequest read(ObjectNode json) throws MalformedRequest {
        ObjectNode body = json.deepCopy();
        if (client.protocol() != Protocol.GEMINI) {
            body.put("model", "m");
        }
        return client.readRequest(Json.bytes(body), envelope());
    }

    private Envelope envelope() {
        String betas = probe.json().path("@betas").asString("");
        boolean stream = probe.json().path("@stream").asBoolean(false);
        return new Envelope(
                "m", stream, betas.isEmpty() ? List.of() : Arrays.asList(betas.split(",")));
    }

    /** What is said in the path and the headers counts as said in the body. */
    private static ObjectNode tree(Written written) {
        ObjectNode tree = (ObjectNode) Objects.requireNonNull(Json.tree(written.body()));
        tree.put("@path", written.path());
        written.headers().forEach((name, value) -> tree.put("@" + name, value));
        return tree;
    }

    static UpstreamTraits standard(Protocol protocol) {
        String family =
                switch (protocol) {
                    case OPENAI_CHAT, OPENAI_RESPONSES -> "openai";
                    case ANTHROPIC -> "anthropic";
                    case GEMINI -> "google";
                };
        return UpstreamTraits.standard(family, "m");
    }

    /** The upstream with the standard traits, but for those that the probe says. */
    private UpstreamTraits told() {
        return with(Map.of(), upstream.protocol(), "@upstream");
    }

    /** An upstream that can be told all that its dialect can say, and what the probe adds. */
    private UpstreamTraits generous(Protocol protocol) {
        return with(GENEROUS, protocol, "@traits");
    }

    private UpstreamTraits with(Map<Trait, String> flags, Protocol protocol, String more) {
        Map<Trait, String> all = new EnumMap<>(Trait.class);
        all.putAll(flags);
        probe.json()
                .path(more)
                .forEachEntry((name, word) ->
                        all.put(Trait.named(name).orElseThrow(), word.stringValue()));
        return new UpstreamTraits(standard(protocol).family(), "m", null, all);
    }
}
