package dev.sluice.command;

import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say where to listen and where to keep things. */
final class Place {
    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen on (PORT, else 8000); 0 takes a free one.")
    private @Nullable Integer port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to listen on (HOST, else 127.0.0.1, or 0.0.0.0 in a container).")
    private @Nullable String host;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "Folder for everything that is kept.")
    private @Nullable Path data;

    /** {@return the folder, or null for the standard one} */
    @Nullable Path data() {
        return data;
    }

    /** {@return what was said, by the keys of settings} */
    Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        put(settings, "server.port", port);
        put(settings, "server.host", host);
        put(settings, "storage.data", data);
        return settings;
    }

    private static void put(Map<String, String> settings, String key, @Nullable Object value) {
        if (value != null) {
            settings.put(key, value.toString());
        }
    }
}
