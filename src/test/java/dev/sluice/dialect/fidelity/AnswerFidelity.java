package dev.sluice.dialect.fidelity;

import dev.sluice.chat.ChatAnswer;
import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.Memory;
import dev.sluice.dialect.Streams;
import dev.sluice.dialect.fidelity.Fidelity.Outcome;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.whole.AnswerCollector;
import dev.sluice.dialect.whole.AnswerEvents;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What becomes of one thing that an upstream answers, for a client of another dialect: plain, and
 * as a stream, which must say the same. What the client gets is read as the client's own dialect
 * reads it.
 */
record AnswerFidelity(Dialect upstream, Dialect client, ObjectNode bare, Probe probe) {

    Outcome outcome() {
        ChatAnswer answer = read(upstream, Json.bytes(probe.over(bare)));
        if (answer.failure() != null) {
            return new Outcome.Wrong("its own dialect cannot read it: " + answer.failure());
        }
        if (probe.notes().get(client.protocol()) instanceof Probe.Note.Never never) {
            return new Outcome.Never(never.why());
        }
        byte[] written = client.writeAnswer(answer, view(client));
        Facts said = Facts.of(answer);
        Facts plain = Facts.of(read(client, written));
        Facts streamed = Facts.of(streamed(answer));
        List<String> apart = plain.differences(streamed);
        if (!apart.isEmpty()) {
            return new Outcome.Wrong(
                    "as a stream " + apart + " differ: " + plain + " and " + streamed);
        }
        return judged(said.differences(plain), said + " became " + plain, Json.tree(written));
    }

    private Outcome judged(List<String> differences, String change, JsonNode written) {
        boolean kept = differences.isEmpty();
        return switch (probe.notes().get(client.protocol())) {
            case Probe.Note.SaidAs as when !kept && Trees.says(written, as.json()) ->
                    new Outcome.SaidAs(as.json());
            case Probe.Note.SaidAs _ -> new Outcome.Wrong("not said as noted, but " + written);
            case Probe.Note.NotNeeded without when !kept ->
                    new Outcome.Without(differences, without.why());
            case Probe.Note.NotNeeded _, Probe.Note.Never _ ->
                    new Outcome.Wrong("told, there is no need for a note");
            case null ->
                    kept ? new Outcome.Whole() : new Outcome.Wrong(differences + ": " + change);
        };
    }

    /** The answer as the upstream would stream it, as the client would get and read that. */
    private ChatAnswer streamed(ChatAnswer answer) {
        ByteArrayOutputStream fromUpstream = new ByteArrayOutputStream();
        EventWriter upstreams = upstream.newEventWriter(view(upstream));
        AnswerEvents.tell(answer, event -> upstreams.write(event, fromUpstream));
        upstreams.end(fromUpstream);

        ByteArrayOutputStream toClient = new ByteArrayOutputStream();
        EventWriter clients = client.newEventWriter(view(client));
        Streams.read(upstream, memory(upstream), fromUpstream.toByteArray())
                .forEach(event -> clients.write(event, toClient));
        clients.end(toClient);

        AnswerCollector collected = new AnswerCollector();
        Streams.read(client, memory(client), toClient.toByteArray()).forEach(collected::take);
        return collected.answer();
    }

    private static ChatAnswer read(Dialect dialect, byte[] body) {
        return dialect.readAnswer(body, memory(dialect));
    }

    private static Memory memory(Dialect dialect) {
        return Memory.of(Fidelity.standard(dialect.protocol()));
    }

    /** A client that wants to see everything. */
    private static ClientView view(Dialect dialect) {
        ChatRequest request =
                ChatRequest.builder(dialect.protocol()).model("m").stream(true, true)
                        .service(new ChatRequest.Service(null, Map.of(), null, false, null))
                        .build();
        return new ClientView(request, "id", "m", Instant.EPOCH, 0, true);
    }
}
