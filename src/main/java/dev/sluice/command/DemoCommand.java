package dev.sluice.command;

import dev.sluice.Service;
import dev.sluice.configuration.Settings;
import dev.sluice.demo.Demo;
import dev.sluice.logging.Logging;
import dev.sluice.store.DataFolder;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs the gateway with a simulated provider behind it, ready to be tried. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Runs the gateway with a simulated provider behind it, ready to be tried.",
            "What it makes is kept in ~/.sluice/demo, or --data, and used again."
        })
public final class DemoCommand implements Callable<Integer> {
    private final Programs programs;
    private final SettingsSource source;

    @Mixin private final Place place = new Place();
    @Spec private CommandSpec spec = CommandSpec.create();

    public DemoCommand(Programs programs, SettingsSource source) {
        this.programs = programs;
        this.source = source;
    }

    @Override
    public Integer call() throws Exception {
        Path folder = place.data();
        DataFolder data =
                DataFolder.at(folder == null ? Demo.standardFolder(source.environment()) : folder);
        Demo demo = new Demo(data, new SecureRandom());
        Map<String, String> options = new TreeMap<>(place.settings());
        options.putAll(demo.settings());
        Settings settings = source.readOnly(Demo.heeded(source.environment()), options);
        Settings.Log log = settings.log();
        Logging.configure(log.level(), log.zone(), log.format());
        Service simulator = simulator(demo.simulatorPort());
        Service gateway = programs.gateway().start(settings);
        spec.commandLine().getOut().println(demo.prepare(gateway.url(), simulator.url()));
        spec.commandLine().getOut().flush();
        return Running.untilToldToEnd(gateway.and(simulator));
    }

    /** On the port of the last time, unless something else has it now. */
    private Service simulator(int port) throws Exception {
        try {
            return programs.simulator().start(new Programs.Address("127.0.0.1", port));
        } catch (IllegalStateException taken) {
            return programs.simulator().start(new Programs.Address("127.0.0.1", 0));
        }
    }
}
