package dev.sluice.catalog.snapshot;

import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Governance;
import dev.sluice.catalog.LogicalModel;
import dev.sluice.catalog.Organization;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.User;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.limit.Subject;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceList;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The last known configuration in a file, encrypted and readable by its owner alone: what a gateway
 * starts from while its database is away. The digest key is in it, because without it no key is
 * recognised.
 */
public final class CatalogSnapshot {
    private static final Logger LOG = LoggerFactory.getLogger(CatalogSnapshot.class);
    private static final int FORMAT = 1;

    /** Reads what other versions of the gateway wrote. */
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                    .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .build();

    private final Path file;
    private final Function<byte[], String> encrypt;
    private final Function<String, byte[]> decrypt;

    public CatalogSnapshot(
            Path file, Function<byte[], String> encrypt, Function<String, byte[]> decrypt) {
        this.file = file;
        this.encrypt = encrypt;
        this.decrypt = decrypt;
    }

    /** A configuration and the key under which its API keys are digested. */
    public record Snapshot(byte[] digestKey, Catalog catalog) {}

    private record Content(
            int format,
            byte[] digestKey,
            long version,
            @Nullable List<ApiKey> keys,
            @Nullable List<Upstream> upstreams,
            @Nullable List<LogicalModel> logicalModels,
            @Nullable List<Organization> organizations,
            @Nullable List<User> users,
            @Nullable List<Limited> limits,
            @Nullable List<Price> prices) {
        Governance governance() {
            Governance governance =
                    Governance.EMPTY
                            .withOrganizations(byId(organizations, Organization::id))
                            .withUsers(byId(users, User::id))
                            .withPrices(new PriceList(orNone(prices)));
            for (Limited limited : orNone(limits)) {
                governance = governance.withLimits(limited.subject(), limited.limits());
            }
            return governance;
        }

        private static <T> PMap<UUID, T> byId(@Nullable List<T> values, Function<T, UUID> id) {
            Map<UUID, T> byId = new HashMap<>();
            orNone(values).forEach(value -> byId.put(id.apply(value), value));
            return HashTreePMap.from(byId);
        }

        private static <T> List<T> orNone(@Nullable List<T> values) {
            return values == null ? List.of() : values;
        }
    }

    private record Limited(Subject subject, List<Limit> limits) {}

    /** Replaces the file, wholly or not at all. */
    public void write(Snapshot snapshot) {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try {
            Files.deleteIfExists(fresh);
            writePrivately(fresh, encrypt.apply(json(snapshot)));
            Files.move(
                    fresh,
                    file,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write the snapshot " + file, failed);
        }
    }

    private static byte[] json(Snapshot snapshot) {
        Catalog catalog = snapshot.catalog();
        return MAPPER.writeValueAsBytes(
                new Content(
                        FORMAT,
                        snapshot.digestKey(),
                        catalog.version(),
                        catalog.allKeys(),
                        List.copyOf(catalog.upstreams().values()),
                        List.copyOf(catalog.logicalModels().values()),
                        List.copyOf(catalog.governance().organizations().values()),
                        List.copyOf(catalog.governance().users().values()),
                        catalog.governance().limits().entrySet().stream()
                                .map(entry -> new Limited(entry.getKey(), entry.getValue()))
                                .toList(),
                        catalog.governance().prices().all()));
    }

    private static void writePrivately(Path fresh, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        ownerOnly())) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /** {@return what was last written; empty if there is none, or none that this program reads} */
    public Optional<Snapshot> read() {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            byte[] json = decrypt.apply(Files.readString(file, StandardCharsets.US_ASCII));
            Content content = MAPPER.readValue(json, Content.class);
            if (content.format() != FORMAT
                    || content.keys() == null
                    || content.upstreams() == null) {
                LOG.warn("the snapshot {} has another format and is not used", file);
                return Optional.empty();
            }
            return Optional.of(
                    new Snapshot(
                            content.digestKey(),
                            Catalog.of(content.version(), content.keys(), content.upstreams())
                                    .withLogicalModels(Content.orNone(content.logicalModels()))
                                    .with(content.governance())));
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("the snapshot {} cannot be read and is not used", file, unreadable);
            return Optional.empty();
        }
    }
}
