package dev.sluice.configuration;

import dev.sluice.catalog.DeclaredModel;
import dev.sluice.catalog.Secret;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.price.Price;
import dev.sluice.proxy.admit.AdmissionPolicy;
import dev.sluice.settings.Problem;
import dev.sluice.settings.Values;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that is fixed for the life of the process, checked. One record a section; {@link
 * SettingsTable} says what each may be. Its text form shows no secret.
 *
 * @param warnings what was set unwisely, to be said at the start
 */
public record Settings(
        Server server,
        Security security,
        Storage storage,
        Upstreams upstreams,
        Routes routes,
        Streams streams,
        Sessions sessions,
        Spending spending,
        Journal journal,
        Log log,
        List<Problem> warnings) {

    public Settings {
        warnings = List.copyOf(warnings);
    }

    /**
     * @param workerBodyBytes bodies of more bytes than that are decided upon on a worker
     * @param shutdownDeadline how long running calls may go on once the process is told to end
     */
    public record Server(
            String host,
            int port,
            @Nullable Path tlsCertificate,
            @Nullable Path tlsKey,
            List<String> corsOrigins,
            List<String> trustedProxies,
            long maxBodyBytes,
            int maxHeaderBytes,
            int maxConnections,
            int workerBodyBytes,
            Duration headerTimeout,
            Duration bodyTimeout,
            Duration shutdownDeadline,
            String proxyPrefix) {
        public Server {
            corsOrigins = List.copyOf(corsOrigins);
            trustedProxies = List.copyOf(trustedProxies);
        }

        /** {@return whether only this machine can reach it} */
        public boolean isLoopback() {
            return host.matches("127(\\.\\d{1,3}){3}")
                    || host.equals("localhost")
                    || host.equals("::1")
                    || host.equals("[::1]");
        }
    }

    /**
     * @param encryptionKey null where the embedded database is to make its own
     */
    public record Security(
            @Nullable Secret encryptionKey,
            @Nullable Secret adminToken,
            @Nullable Secret metricsToken,
            String keyPrefix,
            boolean allowAnyAddress) {}

    /**
     * @param databaseUrl may contain a password
     * @param logRetentionDays 0 keeps records for ever
     */
    public record Storage(String databaseUrl, Path data, int logRetentionDays) {
        public boolean isEmbedded() {
            return databaseUrl.startsWith("sqlite");
        }

        @Override
        public String toString() {
            String database = isEmbedded() ? databaseUrl : "***";
            return "Storage[%s, data=%s, logRetentionDays=%d]"
                    .formatted(database, data, logRetentionDays);
        }
    }

    /**
     * @param disguise headers that say upstream who calls, in place of the client's
     * @param timeouts of an upstream that names none
     * @param deadline of a model that names none: until an answer must have begun
     * @param initial what to begin with while no upstream is stored
     */
    public record Upstreams(
            Duration modelsCacheTtl,
            Map<String, String> disguise,
            Upstream.Timeouts timeouts,
            Duration deadline,
            List<InitialUpstream> initial) {
        public Upstreams {
            disguise = Map.copyOf(disguise);
            initial = List.copyOf(initial);
        }
    }

    /**
     * @param models logical models in force for as long as the gateway runs
     */
    public record Routes(List<DeclaredModel> models, boolean clientRequestIds) {
        public Routes {
            models = List.copyOf(models);
        }
    }

    /**
     * @param currency in which everything is counted
     * @param exchangeRates what one unit of another currency is worth in it
     * @param prices what models cost where no price under {@code /admin/prices} says otherwise
     */
    public record Spending(
            String currency,
            Map<String, BigDecimal> exchangeRates,
            List<Price> prices,
            AdmissionPolicy admission) {
        public Spending {
            exchangeRates = Map.copyOf(exchangeRates);
            prices = List.copyOf(prices);
        }
    }

    /** An upstream that the environment brings along. */
    public record InitialUpstream(
            String name,
            String provider,
            URI baseUrl,
            Secret apiKey,
            boolean isDefault,
            Duration timeout) {

        /** {@return what an administrator would send to make it; the credential is in it} */
        public ObjectNode request() {
            return JsonMapper.shared()
                    .createObjectNode()
                    .put("name", name)
                    .put("provider", provider)
                    .put("base_url", baseUrl.toString())
                    .put("api_key", apiKey.value())
                    .put("is_default", isDefault)
                    .put("timeout", timeout.toSeconds());
        }
    }

    public record Streams(Duration commitAfter, Duration pingInterval) {}

    /**
     * @param keepContext whether what is said in sessions is kept in memory for a while
     */
    public record Sessions(boolean keepContext) {}

    public record Journal(int segmentBytes, long maxBytes, Duration fsyncInterval) {}

    /**
     * @param level the least important level that is written
     * @param format {@code text}, {@code json}, or {@code auto} for what suits the standard error
     * @param access whether each call is written as a line
     */
    public record Log(String level, ZoneId zone, String format, boolean access) {}

    /** {@return the settings in those values} What is wrong is noted there. */
    public static Settings from(Values values) {
        return new SettingsSections(values).settings();
    }
}
