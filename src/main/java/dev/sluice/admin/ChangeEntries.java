package dev.sluice.admin;

import dev.sluice.admin.AuditTrail.Entry;
import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Change;
import dev.sluice.catalog.Governance;
import dev.sluice.catalog.Upstream;
import dev.sluice.catalog.limit.Limit;
import dev.sluice.catalog.price.Price;
import dev.sluice.catalog.price.PriceJson;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Says of a change of the catalog what was before and what is after it, without any secret. */
final class ChangeEntries {
    private ChangeEntries() {}

    static List<Entry> of(Catalog before, List<Change> changes) {
        return changes.stream().map(change -> of(before, change)).toList();
    }

    private static Entry of(Catalog catalog, Change change) {
        Governance governance = catalog.governance();
        return switch (change) {
            case Change.KeyPut put ->
                    entry(
                            "key",
                            put.key().id(),
                            catalog.key(put.key().id()).map(ChangeEntries::tree).orElse(null),
                            tree(put.key()));
            case Change.KeyRemoved removed ->
                    entry(
                            "key",
                            removed.id(),
                            catalog.key(removed.id()).map(ChangeEntries::tree).orElse(null),
                            null);
            case Change.UpstreamPut put ->
                    entry(
                            "upstream",
                            put.upstream().id(),
                            tree(catalog.upstreams().get(put.upstream().id())),
                            tree(put.upstream()));
            case Change.UpstreamRemoved removed ->
                    entry(
                            "upstream",
                            removed.id(),
                            tree(catalog.upstreams().get(removed.id())),
                            null);
            case Change.LogicalModelPut put ->
                    entry(
                            "model",
                            null,
                            plain(catalog.logicalModels().get(put.model().id())),
                            plain(put.model()));
            case Change.LogicalModelRemoved removed ->
                    entry("model", null, plain(catalog.logicalModels().get(removed.id())), null);
            case Change.OrganizationPut put ->
                    entry(
                            "organization",
                            put.organization().id(),
                            plain(governance.organizations().get(put.organization().id())),
                            plain(put.organization()));
            case Change.UserPut put ->
                    entry(
                            "user",
                            put.user().id(),
                            plain(governance.users().get(put.user().id())),
                            plain(put.user()));
            case Change.UserRemoved removed ->
                    entry("user", removed.id(), plain(governance.users().get(removed.id())), null);
            case Change.LimitsPut put ->
                    entry(
                            put.subject().scope().wireName() + "_limits",
                            put.subject().id(),
                            limits(governance.limitsOf(put.subject())),
                            limits(put.limits()));
            case Change.PricesPut put ->
                    entry("prices", null, prices(governance.prices().all()), prices(put.prices()));
        };
    }

    private static Entry entry(
            String resource,
            @Nullable UUID id,
            @Nullable JsonNode before,
            @Nullable JsonNode after) {
        String action = before == null ? "create" : after == null ? "delete" : "update";
        return new Entry(action, resource, id, before, after);
    }

    private static ObjectNode tree(ApiKey key) {
        ObjectNode tree = AdminJson.MAPPER.valueToTree(key);
        tree.remove(List.of("digest", "retiring"));
        tree.put(
                "retiring_until",
                key.retiring() == null ? null : key.retiring().until().toString());
        ArrayNode addresses = tree.withObject("rules").putArray("addresses");
        key.rules().addresses().forEach(range -> addresses.add(range.toString()));
        return tree;
    }

    private static @Nullable JsonNode tree(@Nullable Upstream upstream) {
        if (upstream == null) {
            return null;
        }
        ObjectNode tree = AdminJson.MAPPER.valueToTree(upstream);
        tree.remove(List.of("models", "headers"));
        ArrayNode headers = tree.putArray("headers");
        upstream.headers().keySet().stream().sorted().forEach(headers::add);
        ArrayNode keys = tree.putArray("keys");
        upstream.keys()
                .forEach(key ->
                        keys.addObject()
                                .put("label", key.label())
                                .put("key", key.secret().masked())
                                .put("weight", key.weight()));
        return tree;
    }

    private static @Nullable JsonNode plain(@Nullable Object value) {
        return value == null ? null : AdminJson.MAPPER.valueToTree(value);
    }

    private static @Nullable JsonNode limits(List<Limit> limits) {
        if (limits.isEmpty()) {
            return null;
        }
        ArrayNode all = AdminJson.MAPPER.createArrayNode();
        limits.forEach(limit -> all.add(limit.name() + ": " + limit.shown(limit.amount())));
        return all;
    }

    private static @Nullable JsonNode prices(List<Price> prices) {
        if (prices.isEmpty()) {
            return null;
        }
        ArrayNode all = AdminJson.MAPPER.createArrayNode();
        prices.forEach(price -> all.add(PriceJson.write(price)));
        return all;
    }
}
