package dev.sluice.command;

import dev.sluice.Service;
import dev.sluice.configuration.Settings;
import dev.sluice.demo.Demo;
import dev.sluice.demo.Rehearsal;
import dev.sluice.logging.Logging;
import dev.sluice.store.DataFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/** Runs everything once in a folder of its own and ends: the launcher's way to a class cache. */
@Command(
        name = "rehearse",
        hidden = true,
        description = "Starts a gateway, makes a call of each kind, and ends.")
public final class RehearseCommand implements Callable<Integer> {
    private final Programs programs;
    private final SettingsSource source;

    public RehearseCommand(Programs programs, SettingsSource source) {
        this.programs = programs;
        this.source = source;
    }

    @Override
    public Integer call() throws Exception {
        Path folder = Files.createTempDirectory("sluice-rehearsal");
        try {
            rehearse(DataFolder.at(folder));
        } finally {
            delete(folder);
        }
        return 0;
    }

    private void rehearse(DataFolder data) throws Exception {
        Demo demo = new Demo(data, new SecureRandom());
        Map<String, String> options = new TreeMap<>(demo.settings());
        options.put("server.host", "127.0.0.1");
        options.put("server.port", "0");
        Settings settings = source.readOnly(Demo.heeded(Map.of()), options);
        Logging.configure(settings.log().level(), settings.log().zone(), settings.log().format());
        Programs.Address anywhere = new Programs.Address("127.0.0.1", 0);
        Service simulator = programs.simulator().start(anywhere);
        Service both = programs.gateway().start(settings).and(simulator);
        try {
            var _ = demo.prepare(both.url(), simulator.url());
            new Rehearsal(both.url(), data.find("api.key").orElseThrow()).run();
        } finally {
            both.close();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.toList().reversed()) {
                Files.delete(file);
            }
        }
    }
}
