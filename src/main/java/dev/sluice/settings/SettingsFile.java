package dev.sluice.settings;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import tools.jackson.databind.json.JsonMapper;

/**
 * The YAML file, read as nodes, so that whatever is wrong has its line. {@code ${NAME}} and {@code
 * ${NAME:-otherwise}} are filled in.
 */
final class SettingsFile {
    private static final Pattern VARIABLE =
            Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?}");

    private static final Pattern DECIMAL = Pattern.compile("[-+]?\\d+\\.\\d*([eE][-+]?\\d{1,3})?");

    private final String file;
    private final Function<String, @Nullable String> environment;
    private final List<Problem> problems;
    private final Map<String, Said> values = new LinkedHashMap<>();

    private SettingsFile(
            String file, Function<String, @Nullable String> environment, List<Problem> problems) {
        this.file = file;
        this.environment = environment;
        this.problems = problems;
    }

    /** {@return the values by key; what cannot be read is added to the problems} */
    static Map<String, Said> read(
            String file,
            String text,
            Function<String, @Nullable String> environment,
            List<Problem> problems) {
        SettingsFile reader = new SettingsFile(file, environment, problems);
        try {
            LoadSettings settings = LoadSettings.builder().setLabel(file).build();
            Optional<Node> root = new Compose(settings).composeString(text);
            root.ifPresent(node -> reader.walk("", node));
        } catch (MarkedYamlEngineException broken) {
            int line = broken.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
            problems.add(
                    new Problem(
                            "the file",
                            file + ":" + line,
                            "It is not YAML: " + broken.getProblem() + ".",
                            "Mend that line."));
        } catch (YamlEngineException broken) {
            problems.add(
                    new Problem("the file", file, "It is not YAML.", "Check its indentation."));
        }
        return reader.values;
    }

    private void walk(String path, Node node) {
        switch (node) {
            case MappingNode mapping when !path.contains(".") ->
                    mapping.getValue().forEach(entry -> walk(path, entry));
            case ScalarNode scalar when !path.isEmpty() ->
                    put(path, new Said(filled(path, scalar), place(node)));
            case SequenceNode sequence when !path.isEmpty() && !sequence.isRecursive() ->
                    values.put(path, new Said(json(path, sequence), place(node)));
            default ->
                    problems.add(
                            new Problem(
                                    path.isEmpty() ? "the file" : path,
                                    place(node),
                                    "Settings stand in sections of 'name: value', no deeper.",
                                    "See sluice.example.yaml."));
        }
    }

    private void walk(String path, NodeTuple entry) {
        if (entry.getKeyNode() instanceof ScalarNode key) {
            String name = path.isEmpty() ? key.getValue() : path + "." + key.getValue();
            if (values.containsKey(name)) {
                problems.add(new Problem(name, place(key), "It is said twice.", "Say it once."));
            }
            if (!isEmpty(entry.getValueNode())) {
                walk(name, entry.getValueNode());
            }
        }
    }

    /** What a variable left empty is not said. */
    private void put(String path, Said said) {
        if (!said.text().isBlank()) {
            values.put(path, said.stripped());
        }
    }

    private static boolean isEmpty(Node node) {
        return node instanceof ScalarNode scalar
                && (scalar.getValue().isEmpty() || scalar.getTag().equals(Tag.NULL));
    }

    /** A list of texts stays a list of texts; one of mappings stays JSON for whoever reads it. */
    private String json(String path, SequenceNode sequence) {
        return JsonMapper.shared().writeValueAsString(tree(path, sequence));
    }

    private Object tree(String path, Node node) {
        return switch (node) {
            case SequenceNode sequence when !sequence.isRecursive() ->
                    sequence.getValue().stream().map(item -> tree(path, item)).toList();
            case MappingNode mapping when !mapping.isRecursive() -> {
                Map<String, Object> fields = new LinkedHashMap<>();
                mapping.getValue()
                        .forEach(entry -> {
                            if (entry.getKeyNode() instanceof ScalarNode key) {
                                fields.put(key.getValue(), tree(path, entry.getValueNode()));
                            }
                        });
                yield fields;
            }
            case ScalarNode scalar when scalar.getTag().equals(Tag.BOOL) ->
                    Boolean.valueOf(scalar.getValue());
            case ScalarNode scalar when scalar.getTag().equals(Tag.INT) ->
                    new BigInteger(scalar.getValue());
            case ScalarNode scalar when isDecimal(scalar) -> new BigDecimal(scalar.getValue());
            case ScalarNode scalar -> filled(path, scalar);
            default -> "";
        };
    }

    /** Infinity and the like stay text: JSON has no word for them. */
    private static boolean isDecimal(ScalarNode scalar) {
        return scalar.getTag().equals(Tag.FLOAT) && DECIMAL.matcher(scalar.getValue()).matches();
    }

    private String filled(String path, ScalarNode scalar) {
        Matcher matcher = VARIABLE.matcher(scalar.getValue());
        StringBuilder text = new StringBuilder();
        while (matcher.find()) {
            String value = environment.apply(matcher.group(1));
            if (value == null) {
                value = matcher.group(2);
            }
            if (value == null) {
                problems.add(
                        new Problem(
                                path,
                                place(scalar),
                                "It uses ${" + matcher.group(1) + "}, which is not set.",
                                "Set it in the environment, or write ${"
                                        + matcher.group(1)
                                        + ":-otherwise}."));
                value = "";
            }
            matcher.appendReplacement(text, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(text).toString();
    }

    private String place(Node node) {
        return file + ":" + node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
    }
}
