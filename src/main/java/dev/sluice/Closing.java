package dev.sluice;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is closed at the end: the newest first, and each of them whatever becomes of the others. */
final class Closing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

    private final Deque<AutoCloseable> resources = new ArrayDeque<>();

    /** {@return the resource, which is now closed before all that came earlier} */
    synchronized <T extends AutoCloseable> T with(T resource) {
        resources.push(resource);
        return resource;
    }

    @Override
    public synchronized void close() {
        resources.forEach(Closing::closeQuietly);
        resources.clear();
    }

    private static void closeQuietly(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception failure) {
            LOG.warn(
                    "{} did not close well: {}",
                    resource.getClass().getSimpleName(),
                    failure.getMessage());
        }
    }
}
