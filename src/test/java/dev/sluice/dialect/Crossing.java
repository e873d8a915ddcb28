package dev.sluice.dialect;

import dev.sluice.chat.ChatEvent;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.sse.SseEvent;
import dev.sluice.dialect.sse.SseReader;
import dev.sluice.dialect.sse.SseSink;
import dev.sluice.dialect.trait.ModelTraits;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * A client of one protocol before an upstream of another, without a socket between them: what of a
 * request goes out, and what of an answer comes back.
 */
record Crossing(Dialect client, Dialect upstream, UpstreamTraits traits) {
    static final Dialect CHAT = new OpenAiChatDialect();
    static final Dialect RESPONSES = new OpenAiResponsesDialect();
    static final Dialect ANTHROPIC = new AnthropicDialect();
    static final Dialect GEMINI = new GeminiDialect();
    static final List<Dialect> ALL = List.of(CHAT, RESPONSES, ANTHROPIC, GEMINI);

    /** To the current model of whoever invented the upstream's protocol. */
    static Crossing from(Dialect client, Dialect upstream) {
        String family =
                switch (upstream.protocol()) {
                    case OPENAI_CHAT, OPENAI_RESPONSES -> "openai";
                    case ANTHROPIC -> "anthropic";
                    case GEMINI -> "google";
                };
        return new Crossing(client, upstream, UpstreamTraits.standard(family, "model-1"));
    }

    Crossing with(Trait trait, String value) {
        return new Crossing(client, upstream, traits.with(trait, value));
    }

    /** To that model, with the traits that come with the program. */
    Crossing to(String model) {
        return new Crossing(
                client, upstream, ModelTraits.shipped().of(traits.family(), model, Map.of()));
    }

    Written written(String body) throws MalformedRequest {
        return upstream.writeRequest(request(body), traits);
    }

    /** {@return the body that the upstream is sent} */
    JsonNode sent(String body) throws MalformedRequest {
        return Json.tree(written(body).body());
    }

    /** {@return what is lost on the way, as {@code WEAKER dropped:seed}} */
    List<String> lost(String body) throws MalformedRequest {
        return written(body).losses().stream()
                .filter(loss -> loss.severity() != Loss.Severity.SILENT)
                .map(loss -> loss.severity() + " " + loss.code())
                .toList();
    }

    /** {@return the upstream's whole answer as the client gets it} */
    JsonNode answered(String body) {
        return Json.tree(
                client.writeAnswer(upstream.readAnswer(utf8(body), Memory.of(traits)), view()));
    }

    /** {@return what the upstream's events mean} */
    List<ChatEvent> meant(String... events) {
        EventReader reader = upstream.newEventReader(Memory.of(traits));
        List<ChatEvent> meant = new ArrayList<>();
        for (String event : events) {
            byte[] data = utf8(event);
            reader.read(new SseEvent(data, "", data, true), meant::add);
        }
        reader.end(meant::add);
        return meant;
    }

    /** {@return the upstream's stream as the client gets it} */
    String streamed(String... events) {
        EventWriter writer = client.newEventWriter(view());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<ChatEvent> meant = meant(events);
        meant.forEach(event -> writer.write(event, out));
        if (!(meant.getLast() instanceof ChatEvent.Failed)) {
            writer.end(out);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** {@return the same, event by event, without what is no JSON} */
    List<JsonNode> events(String... events) {
        return split(streamed(events));
    }

    static List<JsonNode> split(String stream) {
        List<JsonNode> split = new ArrayList<>();
        SseSink sink =
                new SseSink() {
                    @Override
                    public void event(SseEvent event) {
                        if (event.hasData() && !event.text().equals("[DONE]")) {
                            split.add(Json.tree(event.data()));
                        }
                    }

                    @Override
                    public void fragment(byte[] bytes) {
                        throw new AssertionError("no event is that large");
                    }
                };
        SseReader reader = new SseReader(1 << 20);
        reader.read(utf8(stream), sink);
        reader.end(sink);
        return split;
    }

    /** {@return a Chat chunk with that delta} */
    static String chunk(String delta) {
        return "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":" + delta + "}]}";
    }

    /** {@return the Chat chunk that says why the answer ends} */
    static String finish(String reason) {
        return "{\"id\":\"c\",\"model\":\"m\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\""
                + reason
                + "\"}]}";
    }

    /** {@return a Gemini chunk with those parts} */
    static String parts(String parts) {
        return "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[" + parts + "]}}]}";
    }

    /** {@return the Gemini chunk that says why the answer ends} */
    static String ended(String reason) {
        return "{\"candidates\":[{\"content\":{\"parts\":[]},\"finishReason\":\""
                + reason
                + "\"}]}";
    }

    private ChatRequest request(String body) throws MalformedRequest {
        return client.readRequest(utf8(body), new Envelope("m", false, List.of()));
    }

    /** A client that wants usage, and keeps the history itself. */
    private ClientView view() {
        ChatRequest request =
                ChatRequest.builder(client.protocol()).stream(true, true)
                        .service(new ChatRequest.Service(null, Map.of(), null, false, null))
                        .build();
        return new ClientView(request, "1", "shown", Instant.ofEpochSecond(1), 7, true);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
