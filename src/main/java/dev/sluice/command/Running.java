package dev.sluice.command;

import dev.sluice.Service;
import dev.sluice.logging.Logging;
import java.util.concurrent.CountDownLatch;

/** A service that runs until the process is told to end, and then stops in good order. */
final class Running {
    private Running() {}

    static int untilToldToEnd(Service service) throws InterruptedException {
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    service.close();
                                    Logging.flush();
                                },
                                "shutdown"));
        new CountDownLatch(1).await();
        return 0;
    }
}
