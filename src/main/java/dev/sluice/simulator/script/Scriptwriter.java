package dev.sluice.simulator.script;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.script.Script.Call;
import dev.sluice.simulator.script.Script.Stop;
import dev.sluice.simulator.script.Script.Use;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Works out the answer to an ask: calls if tools are wanted, else what a tool answered, else a
 * value of the schema asked for, else the user's own words. Then the limits are kept: stop
 * sequences, and at most {@code maxTokens} of reasoning, text and arguments together.
 */
public final class Scriptwriter {
    private static final int MAX_ECHO = 400;

    public Script write(Ask ask) {
        List<String> reasoning = reasoning(ask);
        List<Call> calls = ToolWish.calls(ask);
        List<String> text = calls.isEmpty() ? text(ask) : List.of();
        String stopSequence = firstStop(text, ask.stops());
        if (stopSequence != null) {
            text = before(text, stopSequence);
        }
        Draft whole = new Draft(reasoning, text, calls);
        Draft kept = ask.maxTokens() == null ? whole : whole.within(ask.maxTokens());
        return new Script(
                ask.fingerprint(),
                ask.model(),
                kept.reasoning(),
                ask.thinking() != Ask.Thinking.SHOWN,
                kept.text(),
                kept.calls(),
                stop(ask.behaviour(), whole, kept, stopSequence),
                kept.equals(whole) ? stopSequence : null,
                use(ask, kept));
    }

    private static List<String> reasoning(Ask ask) {
        if (ask.thinking() == Ask.Thinking.NONE) {
            return List.of();
        }
        int asked = Tokens.of(ask.conversation().lastUserText());
        List<String> words =
                Pieces.words(
                        "The user wrote about " + asked + " tokens. A short answer will serve.");
        int count = ask.behaviour().count(Directive.REASONING, words.size());
        return Pieces.repeat(words, count);
    }

    private static List<String> text(Ask ask) {
        Behaviour behaviour = ask.behaviour();
        int filler = behaviour.bytes(Directive.CHUNK_BYTES, 0);
        if (filler > 0) {
            long room = (64L << 20) / filler;
            int wanted = behaviour.count(Directive.CHUNKS, 1);
            return Pieces.filled((int) Math.min(room, wanted), filler);
        }
        List<String> words = Pieces.words(sentence(ask));
        return behaviour.has(Directive.CHUNKS)
                ? Pieces.repeat(words, behaviour.count(Directive.CHUNKS, words.size()))
                : words;
    }

    private static String sentence(Ask ask) {
        Conversation conversation = ask.conversation();
        if (ask.form() != null) {
            return structured(ask.form(), conversation);
        }
        if (!conversation.results().isEmpty()) {
            return "The tool answered: " + echo(String.join("; ", conversation.results()));
        }
        String seen =
                conversation.media() == 0
                        ? ""
                        : "I see %d attachment%s. "
                                .formatted(
                                        conversation.media(), conversation.media() == 1 ? "" : "s");
        String wrote = conversation.lastUserText().strip();
        return seen + (wrote.isEmpty() ? "Hello from the simulator." : "You wrote: " + echo(wrote));
    }

    private static String structured(Ask.Form form, Conversation conversation) {
        if (form.schema() != null) {
            return Json.text(SchemaSample.of(form.schema()));
        }
        return Json.text(
                JsonNodeFactory.instance
                        .objectNode()
                        .put("answer", echo(conversation.lastUserText())));
    }

    private static String echo(String text) {
        if (text.codePointCount(0, text.length()) <= MAX_ECHO) {
            return text;
        }
        return text.substring(0, text.offsetByCodePoints(0, MAX_ECHO)) + "…";
    }

    private static @Nullable String firstStop(List<String> text, List<String> stops) {
        String whole = stops.isEmpty() ? "" : String.join("", text);
        String first = null;
        int at = Integer.MAX_VALUE;
        for (String stop : stops) {
            int found = stop.isEmpty() ? -1 : whole.indexOf(stop);
            if (found >= 0 && found < at) {
                at = found;
                first = stop;
            }
        }
        return first;
    }

    private static List<String> before(List<String> text, String stopSequence) {
        String whole = String.join("", text);
        String kept = whole.substring(0, whole.indexOf(stopSequence));
        return Pieces.fitting(text, Tokens.bytes(kept));
    }

    private static Stop stop(
            Behaviour behaviour, Draft whole, Draft kept, @Nullable String stopSequence) {
        if (behaviour.has(Directive.FINISH)) {
            return switch (behaviour.text(Directive.FINISH, "stop")) {
                case "length" -> Stop.LENGTH;
                case "filter" -> Stop.FILTER;
                default -> Stop.DONE;
            };
        }
        if (!kept.equals(whole)) {
            return Stop.LENGTH;
        }
        if (stopSequence != null) {
            return Stop.STOP_SEQUENCE;
        }
        return whole.calls().isEmpty() ? Stop.DONE : Stop.CALLS;
    }

    private static Use use(Ask ask, Draft kept) {
        Behaviour behaviour = ask.behaviour();
        int reasoning =
                behaviour.count(
                        Directive.REASONING_TOKENS, Tokens.ofBytes(Pieces.bytes(kept.reasoning())));
        int output = kept.tokens() * ask.choices();
        return new Use(
                behaviour.count(Directive.INPUT_TOKENS, ask.conversation().inputTokens()),
                behaviour.count(Directive.CACHED_TOKENS, 0),
                behaviour.count(Directive.CACHE_WRITE_TOKENS, 0),
                behaviour.count(Directive.OUTPUT_TOKENS, output),
                reasoning * ask.choices());
    }

    /** What may still be too long. */
    private record Draft(List<String> reasoning, List<String> text, List<Call> calls) {

        int tokens() {
            return Tokens.ofBytes(Pieces.bytes(reasoning))
                    + Tokens.ofBytes(Pieces.bytes(text))
                    + calls.stream().mapToInt(call -> Tokens.of(call.arguments())).sum();
        }

        Draft within(int maxTokens) {
            if (tokens() <= maxTokens) {
                return this;
            }
            long left = maxTokens;
            List<String> thought = Pieces.fitting(reasoning, left * Tokens.BYTES_PER_TOKEN);
            left -= Tokens.ofBytes(Pieces.bytes(thought));
            List<String> said = Pieces.fitting(text, left * Tokens.BYTES_PER_TOKEN);
            left -= Tokens.ofBytes(Pieces.bytes(said));
            List<Call> made = new ArrayList<>();
            for (Call call : calls) {
                if (left <= 0) {
                    break;
                }
                String arguments = Pieces.cut(call.arguments(), left * Tokens.BYTES_PER_TOKEN);
                boolean complete = arguments.length() == call.arguments().length();
                made.add(new Call(call.index(), call.name(), arguments, complete));
                left -= Tokens.of(arguments);
            }
            return new Draft(thought, said, made);
        }
    }
}
