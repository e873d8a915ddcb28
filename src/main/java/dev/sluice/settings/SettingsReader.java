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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from everywhere they may stand: the file, then {@code .env}, then the environment;
 * the later wins.
 */
public final class SettingsReader {
    private final Map<String, Setting> table;
    private final Map<String, String> environment;

    public SettingsReader(List<Setting> table, Map<String, String> environment) {
        this.table =
                table.stream()
                        .collect(
                                Collectors.toMap(
                                        Setting::key,
                                        setting -> setting,
                                        (first, _) -> first,
                                        LinkedHashMap::new));
        this.environment = Map.copyOf(environment);
    }

    /**
     * {@return what all of them say, once it has been made into something}
     *
     * @param file the YAML file, or null for none
     * @param dotEnv the {@code .env} file; one that does not exist says nothing
     * @throws InvalidSettings with all that is wrong, whoever found it
     */
    public <T> T read(@Nullable Path file, Path dotEnv, Function<Values, T> making)
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
            if (found != null && !found.text().isEmpty()) {
                said.put(setting.key(), found);
            }
        }
        T made = making.apply(new Values(said, table, problems));
        if (!problems.isEmpty()) {
            throw new InvalidSettings(problems);
        }
        return made;
    }

    private Map<String, Said> dotEnv(Path file, List<Problem> problems) {
        if (!Files.isRegularFile(file)) {
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
