package dev.sluice.dialect;

import dev.sluice.dialect.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Recorded answers of real providers, which stand beside the checkout and not in it: tests that use
 * them are skipped where they are absent.
 */
public final class Recordings {
    private static final String FOLDER = "shared/fixtures";
    private static final String MANIFEST = "MANIFEST.json";

    /** An event's own type stands first; not every recorded line is whole JSON. */
    private static final Pattern TYPE = Pattern.compile("\"type\":\\s*\"([^\"]*)\"");

    private Recordings() {}

    /**
     * One recording.
     *
     * @param kind {@code stream}, {@code unary}, {@code error} or {@code stream-with-error}
     * @param framing {@code sse}, {@code jsonl-chunks} or {@code json}
     */
    public record Recording(String name, String kind, String framing, Path file) {
        public boolean isStream() {
            return kind.startsWith("stream");
        }

        /** {@return the recording as it came over the wire} */
        public byte[] bytes(String dialect) throws IOException {
            byte[] bytes = Files.readAllBytes(file);
            return framing.equals("jsonl-chunks") ? framed(bytes, dialect) : bytes;
        }

        private static byte[] framed(byte[] lines, String dialect) {
            StringBuilder stream = new StringBuilder();
            boolean named = dialect.startsWith("anthropic") || dialect.equals("openai-responses");
            for (String line : new String(lines, StandardCharsets.UTF_8).split("\n", -1)) {
                if (line.isBlank()) {
                    continue;
                }
                Matcher type = TYPE.matcher(line);
                if (named && type.find()) {
                    stream.append("event: ").append(type.group(1)).append('\n');
                }
                stream.append("data: ").append(line).append("\n\n");
            }
            if (dialect.equals("openai-chat")) {
                stream.append("data: [DONE]\n\n");
            }
            return stream.toString().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** {@return where the recordings are} */
    public static Optional<Path> folder() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(FOLDER).resolve(MANIFEST))) {
                return Optional.of(at.resolve(FOLDER));
            }
        }
        return Optional.empty();
    }

    /**
     * {@return the recordings of one dialect; none where the folder is absent}
     *
     * @param dialect as the manifest spells it: {@code openai-chat}, {@code openai-responses},
     *     {@code anthropic-messages}, {@code gemini}
     */
    public static List<Recording> of(String dialect) throws IOException {
        List<Recording> recordings = new ArrayList<>();
        Optional<Path> folder = folder();
        if (folder.isEmpty()) {
            return recordings;
        }
        byte[] manifest = Files.readAllBytes(folder.get().resolve(MANIFEST));
        for (JsonNode entry : Json.tree(manifest).path("entries")) {
            if (entry.path("dialect").asString("").equals(dialect)) {
                String name = entry.path("file").asString("");
                recordings.add(
                        new Recording(
                                name,
                                entry.path("kind").asString(""),
                                entry.path("framing").asString(""),
                                folder.get().resolve(name)));
            }
        }
        return recordings;
    }
}
