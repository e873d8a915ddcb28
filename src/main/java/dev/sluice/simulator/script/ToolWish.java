package dev.sluice.simulator.script;

import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.script.Script.Call;
import dev.sluice.simulator.script.Toolbox.Tool;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Which tools an ask wants called: none after a result; those that a directive or a forced choice
 * names; those that the user's words name; the first one where the words speak of a tool; all where
 * they speak of all tools.
 */
final class ToolWish {
    private static final Pattern SPEAKS_OF_TOOLS =
            Pattern.compile("\\b(tools?|functions?|call)\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern SPEAKS_OF_ALL =
            Pattern.compile("\\b(all|each|every|both) (the )?tools?\\b", Pattern.CASE_INSENSITIVE);

    private ToolWish() {}

    static List<Call> calls(Ask ask) {
        List<Tool> usable = ask.toolbox().usable();
        if (usable.isEmpty() || !ask.conversation().results().isEmpty()) {
            return List.of();
        }
        List<Tool> wanted = wanted(ask, usable);
        if (wanted.isEmpty()) {
            return List.of();
        }
        int count = ask.behaviour().count(Directive.CALLS, wanted.size());
        if (!ask.toolbox().parallel()) {
            count = Math.min(1, count);
        }
        List<Call> calls = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            Tool tool = wanted.get(i % wanted.size());
            String arguments = Json.text(SchemaSample.of(tool.schema()));
            calls.add(new Call(i, tool.name(), arguments, true));
        }
        return calls;
    }

    private static List<Tool> wanted(Ask ask, List<Tool> usable) {
        String directed = ask.behaviour().text(Directive.TOOL);
        if (directed != null && !directed.isEmpty()) {
            return named(usable, directed);
        }
        String words = ask.conversation().lastUserText();
        if (SPEAKS_OF_ALL.matcher(words).find()) {
            return usable;
        }
        List<Tool> spoken = spokenOf(usable, words);
        if (!spoken.isEmpty()) {
            return spoken;
        }
        boolean asked =
                directed != null
                        || ask.behaviour().has(Directive.CALLS)
                        || ask.toolbox().mode() == Toolbox.Mode.REQUIRED
                        || SPEAKS_OF_TOOLS.matcher(words).find();
        return asked ? List.of(usable.getFirst()) : List.of();
    }

    private static List<Tool> named(List<Tool> usable, String name) {
        return usable.stream().filter(tool -> tool.name().equals(name)).toList();
    }

    private static List<Tool> spokenOf(List<Tool> usable, String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        return usable.stream()
                .filter(tool -> lower.contains(tool.name().toLowerCase(Locale.ROOT)))
                .toList();
    }
}
