package dev.sluice.dialect.fidelity;

import dev.sluice.chat.Protocol;
import dev.sluice.dialect.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Something that a client may say, or an upstream answer, as a file of {@code translation/} has it.
 *
 * <p>A line {@code # words} begins a section, a line of JSON is a probe, {@code words: JSON} one
 * with a title. Indented lines under it are notes on other protocols: {@code anthropic gemini: S
 * why} says that leaving it out there has no effect on the answer, {@code anthropic: JSON} what is
 * sent there for it, {@code *: S why} that it goes without saying everywhere else.
 *
 * <p>Names that begin with @ are no part of the body: {@code @betas} is a header, {@code @stream} a
 * method, {@code @upstream} says how the upstream differs from the standard, and {@code @traits}
 * how one of the client's own protocol would.
 *
 * @param title null where the JSON speaks for itself
 * @param json what stands over the file's bare body
 */
record Probe(String section, @Nullable String title, ObjectNode json, Map<Protocol, Note> notes) {

    /** What somebody claims of the probe at another protocol, for the test to check. */
    sealed interface Note {
        /** It has no effect on the answer there. */
        record NotNeeded(String why) implements Note {}

        /** It does not occur there. */
        record Never(String why) implements Note {}

        /** This says it there. */
        record SaidAs(ObjectNode json) implements Note {}
    }

    /** {@return the bare body, which is the file's first line, and the probes over it} */
    static File read(Path path) throws IOException {
        List<String> lines = Files.readAllLines(path);
        List<Probe> probes = new ArrayList<>();
        String section = "";
        for (String line : lines.subList(1, lines.size())) {
            if (line.startsWith("#")) {
                section = line.substring(1).strip();
            } else if (line.startsWith(" ")) {
                note(probes.getLast(), line.strip());
            } else if (!line.isBlank()) {
                probes.add(probe(section, line));
            }
        }
        return new File(object(lines.getFirst()), probes);
    }

    record File(ObjectNode bare, List<Probe> probes) {
        Map<String, List<Probe>> sections() {
            return probes.stream()
                    .collect(
                            Collectors.groupingBy(
                                    Probe::section, LinkedHashMap::new, Collectors.toList()));
        }
    }

    private static Probe probe(String section, String line) {
        int start = line.indexOf('{');
        String title = start == 0 ? null : line.substring(0, start).replaceFirst(":\\s*$", "");
        return new Probe(
                section, title, object(line.substring(start)), new EnumMap<>(Protocol.class));
    }

    private static void note(Probe probe, String line) {
        int colon = line.indexOf(':');
        String said = line.substring(colon + 1).strip();
        Note note =
                switch (said.substring(0, 2)) {
                    case "S " -> new Note.NotNeeded(said.substring(2));
                    case "N " -> new Note.Never(said.substring(2));
                    default -> new Note.SaidAs(object(said));
                };
        String names = line.substring(0, colon);
        Stream.of(Protocol.values())
                .filter(protocol ->
                        names.equals("*")
                                || List.of(names.split(" ")).contains(protocol.wireName()))
                .forEach(protocol -> probe.notes.putIfAbsent(protocol, note));
    }

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.mapper().readTree(json);
    }

    /** {@return the bare body with what the probe says, without names that begin with @} */
    ObjectNode over(ObjectNode bare) {
        ObjectNode body = bare.deepCopy();
        body.setAll(json);
        body.remove(body.propertyNames().stream().filter(name -> name.startsWith("@")).toList());
        return body;
    }

    @Override
    public String toString() {
        return title == null ? json.toString() : title;
    }
}
