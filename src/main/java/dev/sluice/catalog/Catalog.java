package dev.sluice.catalog;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
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
 * @param keys by the digests of their values; a key that was rotated stands here twice
 * @param digests of the keys' present values
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
            if (key.retiring() != null) {
                byDigest.put(key.retiring().digest(), key);
            }
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

    /** {@return the key that has that value, or had it before it was rotated} */
    public Optional<ApiKey> key(KeyDigest digest) {
        return Optional.ofNullable(keys.get(digest));
    }

    public Optional<ApiKey> key(UUID id) {
        KeyDigest digest = digests.get(id);
        return digest == null ? Optional.empty() : key(digest);
    }

    /** {@return every key once} */
    public List<ApiKey> allKeys() {
        return keys.entrySet().stream()
                .filter(entry -> entry.getKey().equals(entry.getValue().digest()))
                .map(Map.Entry::getValue)
                .toList();
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
