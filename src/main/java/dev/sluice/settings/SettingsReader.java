package dev.sluice.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from everywhere they may stand: the file, then {@code .env}, then the environment,
 * then the command line; the later wins. Names in the environment that are no setting's are
 * nobody's business: a cluster puts its own there (a service called {@code sluice} brings {@code
 * SLUICE_PORT}).
 */
public final class SettingsReader {
    private final Map<String, Setting> table;
    private final Map<String, String> environment;
    private final Map<String, Said> strongest;

    public SettingsReader(List<Setting> table, Map<String, String> environment) {
        this(byKey(table), Map.copyOf(environment), Map.of());
    }

    private SettingsReader(
            Map<String, Setting> table,
            Map<String, String> environment,
            Map<String, Said> strongest) {
        this.table = table;
        this.environment = environment;
        this.strongest = strongest;
    }

    private static Map<String, Setting> byKey(List<Setting> table) {
        Map<String, Setting> settings = new LinkedHashMap<>();
        table.forEach(setting -> settings.put(setting.key(), setting));
        return settings;
    }

    /**
     * {@return this reader with texts that are stronger than all others, by key}
     *
     * @param place where they were said, such as {@code command line}
     */
    public SettingsReader with(Map<String, String> texts, String place) {
        Map<String, Said> more = new LinkedHashMap<>(strongest);
        texts.forEach((key, text) -> more.put(key, new Said(text, place)));
        return new SettingsReader(table, environment, more);
    }

    /**
     * {@return what all of them say, once it has been made into something}
     *
     * @param file the YAML file, or null for none
     * @param dotEnv the {@code .env} file, or null for none; one that does not exist says nothing
     * @throws InvalidSettings with all that is wrong, whoever found it
     */
    public <T> T read(@Nullable Path file, @Nullable Path dotEnv, Function<Values, T> making)
            throws InvalidSettings {
        List<Problem> problems = new ArrayList<>();
        Map<String, Said> variables = new LinkedHashMap<>(dotEnv(dotEnv, problems));
        environment.forEach((name, value) -> variables.put(name, new Said(value, "environment")));
        Map<String, Said> said = new LinkedHashMap<>();
        if (file != null) {
            said.putAll(inFile(file, variables, problems));
        }
        for (Setting setting : table.values()) {
            Said found = variables.get(setting.variable());
            if (found != null && !found.text().isBlank()) {
                said.put(setting.key(), found.stripped());
            }
        }
        said.putAll(strongest);
        T made = making.apply(new Values(said, table, problems));
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return made;
    }

    private Map<String, Said> dotEnv(@Nullable Path file, List<Problem> problems) {
        if (file == null || !Files.isRegularFile(file)) {
            return Map.of();
        }
        return DotEnv.read(file.toString(), text(file, problems), problems);
    }

    private Map<String, Said> inFile(
            Path file, Map<String, Said> variables, List<Problem> problems) {
        Map<String, Said> said =
                SettingsFile.read(
                        file.toString(),
                        text(file, problems),
                        name -> {
                            Said found = variables.get(name);
                            return found == null ? null : found.text();
                        },
                        problems);
        said.forEach((key, value) -> {
            if (!table.containsKey(key)) {
                problems.add(unknown(key, value.place()));
            }
        });
        return said;
    }

    private Problem unknown(String key, String place) {
        if (table.keySet().stream().anyMatch(known -> known.startsWith(key + "."))) {
            return new Problem(
                    key,
                    place,
                    "It is a section, not a setting.",
                    "Write its settings below it, indented.");
        }
        String nearest =
                table.keySet().stream()
                        .min(Comparator.comparingInt(known -> distance(known, key)))
                        .orElse("");
        boolean close = distance(nearest, key) <= Math.max(2, key.length() / 3);
        return new Problem(
                key,
                place,
                "There is no such setting.",
                close ? "Did you mean " + nearest + "?" : "docs/configuration.md lists them all.");
    }

    private static String text(Path file, List<Problem> problems) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            problems.add(
                    new Problem(
                            "the file",
                            file.toString(),
                            "It cannot be read.",
                            "Check the path and its permissions."));
            return "";
        }
    }

    /** The number of characters to change, add or leave out between two texts. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int above = row[j];
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(changed, 1 + Math.min(above, row[j - 1]));
                diagonal = above;
            }
        }
        return row[b.length()];
    }
}
