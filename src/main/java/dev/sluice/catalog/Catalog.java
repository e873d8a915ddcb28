package dev.sluice.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * One consistent configuration. A request reads it once and sees nothing of later changes; a change
 * shares all but a few nodes with its predecessor.
 *
 * @param version the sequence number of the last change in it
 */
public record Catalog(
        long version,
        PMap<KeyDigest, ApiKey> keys,
        PMap<UUID, KeyDigest> digests,
        PMap<UUID, Upstream> upstreams,
        PMap<String, LogicalModel> logicalModels,
        Governance governance) {

    public static final Catalog EMPTY =
            new Catalog(
                    0,
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    HashTreePMap.empty(),
                    Governance.EMPTY);

    /** A catalog without logical models, organizations, users, limits and prices. */
    public Catalog(
            long version,
            PMap<KeyDigest, ApiKey> keys,
            PMap<UUID, KeyDigest> digests,
            PMap<UUID, Upstream> upstreams) {
        this(version, keys, digests, upstreams, HashTreePMap.empty(), Governance.EMPTY);
    }

    /** {@return a catalog of these keys and upstreams} */
    public static Catalog of(
            long version, Collection<ApiKey> keys, Collection<Upstream> upstreams) {
        Map<KeyDigest, ApiKey> byDigest = new HashMap<>();
        Map<UUID, KeyDigest> digests = new HashMap<>();
        for (ApiKey key : keys) {
            byDigest.put(key.digest(), key);
            digests.put(key.id(), key.digest());
        }
        Map<UUID, Upstream> byId = new HashMap<>();
        upstreams.forEach(upstream -> byId.put(upstream.id(), upstream));
        return new Catalog(
                version,
                HashTreePMap.from(byDigest),
                HashTreePMap.from(digests),
                HashTreePMap.from(byId));
    }

    /** {@return this with those logical models in place of its own} */
    public Catalog withLogicalModels(Collection<LogicalModel> models) {
        PMap<String, LogicalModel> byModelId = HashTreePMap.empty();
        for (LogicalModel model : models) {
            byModelId = byModelId.plus(model.id(), model);
        }
        return new Catalog(version, keys, digests, upstreams, byModelId, governance);
    }

    public Catalog with(Governance changed) {
        return new Catalog(version, keys, digests, upstreams, logicalModels, changed);
    }

    public Optional<ApiKey> key(KeyDigest digest) {
        return Optional.ofNullable(keys.get(digest));
    }

    public Optional<ApiKey> key(UUID id) {
        KeyDigest digest = digests.get(id);
        return digest == null ? Optional.empty() : key(digest);
    }

    public Optional<Upstream> upstream(UUID id) {
        return Optional.ofNullable(upstreams.get(id));
    }

    public Optional<LogicalModel> logicalModel(String id) {
        return Optional.ofNullable(logicalModels.get(id));
    }

    /** {@return the active upstream of that exact name} */
    public Optional<Upstream> upstreamNamed(String name) {
        return upstreams.values().stream()
                .filter(upstream -> upstream.active() && upstream.name().equals(name))
                .findFirst();
    }
}
