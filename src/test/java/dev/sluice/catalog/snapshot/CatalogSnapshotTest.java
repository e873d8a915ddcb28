package dev.sluice.catalog.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Capabilities;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.Governance;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.Organization;
import dev.sluice.catalog.Permission;
import dev.sluice.catalog.Role;
import dev.sluice.catalog.RoutingStrategy;
import dev.sluice.catalog.Secret;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.UpstreamKey;
import dev.sluice.catalog.UpstreamModel;
import dev.sluice.catalog.User;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Measure;
import dev.sluice.catalog.limit.Period;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.catalog.price.PriceList;
import dev.sluice.catalog.price.ShippedPrices;
import dev.sluice.chat.Protocol;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcollections.HashTreePMap;

class CatalogSnapshotTest {
    private static final byte[] DIGEST_KEY = HexFormat.of().parseHex("07".repeat(32));
    @TempDir Path folder;

    /** Enough of a cipher to see that what is on disk went through it. */
    private CatalogSnapshot snapshot() {
        return new CatalogSnapshot(
                folder.resolve("snapshot"),
                bytes -> "x" + Base64.getEncoder().encodeToString(bytes),
                text -> Base64.getDecoder().decode(text.substring(1)));
    }

    private static Catalog catalog() {
        ApiKey key =
                new ApiKey(
                        UUID.randomUUID(),
                        "app",
                        "sk-auto-abcd",
                        new DigestKey(DIGEST_KEY).digest("sk-auto-abcdef"),
                        Set.of(Permission.READ, Permission.ADMIN),
                        Set.of(UUID.randomUUID()),
                        true,
                        Instant.parse("2030-01-01T00:00:00.000001Z"),
                        null,
                        "label",
                        null,
                        null,
                        true);
        Upstream upstream =
                new Upstream(
                        UUID.randomUUID(),
                        "main",
                        "openai",
                        List.of(Protocol.OPENAI_CHAT, Protocol.GEMINI),
                        URI.create("http://127.0.0.1:9/v1"),
                        new Upstream.Paths("/chat", null, null, null),
                        List.of(new UpstreamKey("1", new Secret("sk-secret"), 1.5, 3)),
                        List.of(new UpstreamModel("m", "{\"id\":\"m\",\"x\":1}")),
                        true,
                        "m",
                        true,
                        new Upstream.Timeouts(
                                Duration.ofSeconds(60),
                                Duration.ofMillis(1_500),
                                Duration.ofSeconds(3),
                                Duration.ofSeconds(4)),
                        new Upstream.Preference(2, 1, "eu"),
                        new Upstream.Limits(null, 7),
                        Map.of("X-A", "b"),
                        Set.of(529),
                        new Capabilities(Map.of("streamOptions", "false")),
                        true);
        LogicalModel model =
                new LogicalModel(
                        "fast",
                        "Fast",
                        null,
                        Set.of("chat"),
                        true,
                        RoutingStrategy.LATENCY_FIRST,
                        List.of(new LogicalModel.Target(upstream.id(), "m", 2, 1, "eu")),
                        new LogicalModel.Fallbacks(List.of("slow"), List.of("long"), List.of()),
                        new LogicalModel.Patience(Duration.ofSeconds(2), null),
                        new LogicalModel.Hedging(true, Duration.ofMillis(300), 0.02, true),
                        true);
        return Catalog.of(17, List.of(key), List.of(upstream))
                .withLogicalModels(List.of(model))
                .with(governance());
    }

    private static Governance governance() {
        UUID organization = UUID.randomUUID();
        UUID user = UUID.randomUUID();
        return Governance.EMPTY
                .withOrganizations(
                        HashTreePMap.singleton(
                                organization, new Organization(organization, "acme", true)))
                .withUsers(
                        HashTreePMap.singleton(
                                user,
                                new User(
                                        user,
                                        "ann",
                                        organization,
                                        Role.MEMBER,
                                        true,
                                        Instant.EPOCH)))
                .withLimits(
                        Subject.organization(organization),
                        List.of(
                                new Limit(
                                        Measure.TOKENS, Period.WEEK, 5, ZoneId.of("Europe/Berlin")),
                                Limit.concurrency(3)))
                .withPrices(new PriceList(ShippedPrices.all()));
    }

    @Test
    void aCatalogComesBackAsItWasWritten() {
        Catalog catalog = catalog();
        snapshot().write(new CatalogSnapshot.Snapshot(DIGEST_KEY, catalog));
        CatalogSnapshot.Snapshot read = snapshot().read().orElseThrow();
        assertThat(read.catalog()).isEqualTo(catalog);
        assertThat(read.digestKey()).isEqualTo(DIGEST_KEY);
    }

    @Test
    void theFileIsPrivateAndHoldsOnlyWhatTheCipherMadeOfIt() throws IOException {
        snapshot().write(new CatalogSnapshot.Snapshot(DIGEST_KEY, catalog()));
        Path file = folder.resolve("snapshot");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file)).startsWith("x").doesNotContain("sk-secret");
        assertThat(folder.toFile().list()).containsExactly("snapshot");
    }

    @Test
    void whatAnOlderVersionDidNotWriteIsAsItIsByItself() throws IOException {
        snapshot().write(new CatalogSnapshot.Snapshot(DIGEST_KEY, catalog()));
        Path file = folder.resolve("snapshot");
        String written =
                new String(
                        Base64.getDecoder().decode(Files.readString(file).substring(1)),
                        StandardCharsets.UTF_8);
        String older = written.replace(",\"billsBoth\":true", "");
        assertThat(older).isNotEqualTo(written);
        Files.writeString(
                file,
                "x" + Base64.getEncoder().encodeToString(older.getBytes(StandardCharsets.UTF_8)));
        Catalog read = snapshot().read().orElseThrow().catalog();
        assertThat(read.logicalModels().values())
                .singleElement()
                .satisfies(model -> assertThat(model.hedging().billsBoth()).isFalse());
    }

    @Test
    void whatCannotBeReadIsAsIfItWereNotThere() throws IOException {
        assertThat(snapshot().read()).isEmpty();
        Files.write(folder.resolve("snapshot"), "x???".getBytes(StandardCharsets.UTF_8));
        assertThat(snapshot().read()).isEmpty();
        String old =
                Base64.getEncoder()
                        .encodeToString("{\"format\":0}".getBytes(StandardCharsets.UTF_8));
        Files.writeString(folder.resolve("snapshot"), "x" + old);
        assertThat(snapshot().read()).isEmpty();
    }

    @Test
    void changesAreWrittenSoonAndAtTheLatestAtTheEnd() {
        Catalogs catalogs = new Catalogs(Catalog.EMPTY);
        try (SnapshotWriter writer =
                new SnapshotWriter(snapshot(), catalogs, DIGEST_KEY, Duration.ofMillis(20))) {
            writer.start();
            long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
            while (snapshot().read().isEmpty() && System.nanoTime() < deadline) {
                Thread.onSpinWait();
            }
            assertThat(snapshot().read()).isPresent();
        }
        try (SnapshotWriter writer =
                new SnapshotWriter(snapshot(), catalogs, DIGEST_KEY, Duration.ofHours(1))) {
            writer.start();
            catalogs.replace(catalog());
        }
        assertThat(snapshot().read().orElseThrow().catalog().version()).isEqualTo(17);
    }
}
