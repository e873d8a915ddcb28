package dev.sluice.command;

import dev.sluice.Service;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the simulated provider on its own. */
@Command(
        name = "simulate",
        mixinStandardHelpOptions = true,
        description = "Runs the simulated provider on its own, as an upstream for tests.")
public final class SimulateCommand implements Callable<Integer> {
    private final Programs programs;

    @Option(
            names = "--port",
            paramLabel = "N",
            required = true,
            description = "Port to listen on; 0 takes a free one.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (127.0.0.1).")
    private String host = "127.0.0.1";

    @Spec private CommandSpec spec = CommandSpec.create();

    public SimulateCommand(Programs programs) {
        this.programs = programs;
    }

    @Override
    public Integer call() throws Exception {
        Service simulator = programs.simulator().start(new Programs.Address(host, port));
        spec.commandLine().getOut().println("The simulated provider is at " + simulator.url());
        spec.commandLine().getOut().flush();
        return Running.untilToldToEnd(simulator);
    }
}
