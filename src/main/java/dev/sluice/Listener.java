package dev.sluice;

import dev.sluice.configuration.Settings;
import dev.sluice.configuration.Version;
import dev.sluice.http.CrossOrigin;
import dev.sluice.http.Route;
import dev.sluice.http.address.TrustedProxies;
import dev.sluice.http.engine.HttpEngine;
import dev.sluice.http.engine.HttpServer;
import dev.sluice.http.engine.ServerSetup;
import dev.sluice.http.engine.connection.TlsFiles;
import dev.sluice.proxy.ErrorRenderer;
import dev.sluice.proxy.call.Call;
import dev.sluice.proxy.call.Calls;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The listening server: where it is reached, and how it stops without cutting calls short. */
final class Listener {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    /** How long calls that are cut may take to say so. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(3);

    private final Settings.Server settings;
    private final HttpServer server;
    private final Calls calls;

    Listener(
            Settings.Server settings,
            HttpEngine engine,
            List<Route> routes,
            ErrorRenderer errors,
            Calls calls,
            Supplier<UUID> ids) {
        this.settings = settings;
        this.calls = calls;
        this.server =
                engine.server(
                        new ServerSetup(
                                routes,
                                errors::render,
                                new CrossOrigin(settings.corsOrigins()),
                                new TrustedProxies(settings.trustedProxies()),
                                ids));
    }

    /**
     * {@return the port that it listens on}
     *
     * @throws IllegalStateException if the address cannot be listened on
     */
    int listen() throws InterruptedException {
        try {
            int bound =
                    server.start(settings.host(), settings.port(), tls())
                            .toCompletionStage()
                            .toCompletableFuture()
                            .get();
            LOG.info("Sluice {} listens on {}:{}", Version.current(), settings.host(), bound);
            return bound;
        } catch (ExecutionException unavailable) {
            throw new IllegalStateException(
                    "cannot listen on %s:%d: %s"
                            .formatted(settings.host(), settings.port(), unavailable.getMessage()),
                    unavailable);
        }
    }

    /** {@return where to reach it from this machine} */
    String url(int port) {
        String scheme = settings.tlsCertificate() == null ? "http" : "https";
        String host = settings.host().equals("0.0.0.0") ? "127.0.0.1" : settings.host();
        return scheme + "://" + host + ":" + port;
    }

    /** Lets running calls finish up to the deadline; those that do not are told, and end. */
    void drain() {
        Duration deadline = settings.shutdownDeadline();
        if (await(server.drain(deadline.plus(LAST_WORDS)), deadline)) {
            return;
        }
        List<Call> cut = calls.running();
        LOG.warn("{} calls did not end within {} s and are cut", cut.size(), deadline.toSeconds());
        cut.forEach(Call::interrupt);
        awaitNoneRunning();
    }

    private @Nullable TlsFiles tls() {
        Path certificate = settings.tlsCertificate();
        Path key = settings.tlsKey();
        return certificate == null || key == null ? null : new TlsFiles(certificate, key);
    }

    private void awaitNoneRunning() {
        for (int i = 0; i < 100 && !calls.running().isEmpty(); i++) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException interruption) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean await(Future<Void> future, Duration atMost) {
        try {
            future.toCompletionStage()
                    .toCompletableFuture()
                    .get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException late) {
            return false;
        }
    }
}
