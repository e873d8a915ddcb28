package dev.sluice.journal;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;

/**
 * A process that journals as fast as it can, says what it has journalled, and waits to be killed.
 */
public final class JournalVictim {
    private JournalVictim() {}

    public static void main(String[] args) throws Exception {
        JournalSettings settings =
                new JournalSettings(
                        Path.of(args[0]), 64 * 1024, 64L * 1024 * 512, Duration.ofSeconds(60));
        PrintStream out = System.out;
        boolean opens = args[1].equals("openings");
        if (args[1].equals("recover")) {
            out.println("recovering");
        }
        Journal journal = Journal.open(settings, Clock.systemUTC());
        while (!out.checkError() && !args[1].equals("recover")) {
            UUID id = UUID.randomUUID();
            JournalOnDisk.await(
                    opens
                            ? journal.opened(Records.opening(id))
                            : journal.closed(Records.completed(id)));
            out.println(id);
        }
    }
}
