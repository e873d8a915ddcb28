package dev.sluice.simulator.openai.tasks;

import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Frame.Kind;
import dev.sluice.simulator.endpoint.Frames;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.openai.Fields;
import dev.sluice.simulator.openai.tasks.Task.Job;
import dev.sluice.simulator.script.Ask;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Script;
import dev.sluice.simulator.script.Scriptwriter;
import dev.sluice.simulator.script.Toolbox;
import dev.sluice.simulator.script.Transcript;
import java.time.Clock;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /v1/completions}, the legacy way to ask for text. */
public final class Completions {
    private final Clock clock;
    private final Scriptwriter scriptwriter = new Scriptwriter();

    public Completions(Clock clock) {
        this.clock = clock;
    }

    public Answer.Content answer(Job job) throws Refusal {
        JsonNode body = job.body();
        Script script = scriptwriter.write(ask(job));
        boolean stream = Fields.flag(body, "stream");
        if (!stream && !job.behaviour().has(Directive.ALWAYS_STREAM)) {
            return Answer.json(whole(script));
        }
        boolean wantsUsage = body.path("stream_options").path("include_usage").asBoolean(false);
        return Answer.events(
                Frames.concat(
                                List.of(
                                        script.text().stream().map(text -> chunk(script, text)),
                                        Stream.of(finish(script)),
                                        wantsUsage ? Stream.of(usage(script)) : Stream.empty(),
                                        Stream.of(Frame.of(Kind.TERMINATOR, "data: [DONE]\n\n"))))
                        .iterator());
    }

    private static Ask ask(Job job) throws Refusal {
        JsonNode body = job.body();
        List<String> prompts = Fields.texts(body.path("prompt"));
        if (prompts.isEmpty()) {
            throw Fields.missing("prompt");
        }
        Transcript transcript = new Transcript();
        prompts.forEach(transcript::user);
        return new Ask(
                job.model(),
                job.behaviour(),
                job.incoming().fingerprint(),
                transcript.conversation(),
                1,
                Fields.limit(body, "max_tokens", 1),
                Fields.texts(body.path("stop")),
                Toolbox.EMPTY,
                null,
                Ask.Thinking.NONE);
    }

    private ObjectNode whole(Script script) {
        ObjectNode answer = body(script, script.wholeText(), reason(script));
        answer.set("usage", tokens(script));
        return answer;
    }

    private Frame chunk(Script script, String text) {
        return Frame.data(Kind.OUTPUT, body(script, text, null));
    }

    private Frame finish(Script script) {
        return Frame.data(Kind.FINISH, body(script, "", reason(script)));
    }

    private Frame usage(Script script) {
        ObjectNode chunk = head(script);
        chunk.putArray("choices");
        chunk.set("usage", tokens(script));
        return Frame.data(Kind.USAGE, chunk);
    }

    private ObjectNode head(Script script) {
        return Json.object()
                .put("id", "cmpl-" + script.fingerprint().hex("completion", 0))
                .put("object", "text_completion")
                .put("created", clock.instant().getEpochSecond())
                .put("model", script.model());
    }

    private ObjectNode body(Script script, String text, @Nullable String reason) {
        ObjectNode body = head(script);
        body.putArray("choices")
                .addObject()
                .put("text", text)
                .put("index", 0)
                .putNull("logprobs")
                .put("finish_reason", reason);
        return body;
    }

    private static String reason(Script script) {
        return script.stop() == Script.Stop.LENGTH ? "length" : "stop";
    }

    private static ObjectNode tokens(Script script) {
        return Json.object()
                .put("prompt_tokens", script.use().input())
                .put("completion_tokens", script.use().output())
                .put("total_tokens", script.use().total());
    }
}
