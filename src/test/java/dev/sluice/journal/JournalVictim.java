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
        Journal journal = Journal.open(settings, Clock.systemUTC());
        PrintStream out = System.out;
        while (!out.checkError()) {
            UUID id = UUID.randomUUID();
            journal.closed(Records.completed(id)).toCompletionStage().toCompletableFuture().join();
            out.println(id);
        }
    }
}
