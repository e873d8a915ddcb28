package dev.sluice.catalog;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What narrows a key beyond its permissions and upstreams.
 *
 * @param models the models that it may ask for, by the names that clients use; null means all
 * @param endpoints the paths that it may use; one that ends with {@code *} allows all that begin
 *     so; null means all
 * @param addresses where its calls may come from; empty means anywhere
 * @param clampsOutput whether a limit of output may be written into a call that names none and
 *     would not fit otherwise; such a call is refused if not
 */
public record KeyRules(
        @Nullable Set<String> models,
        @Nullable Set<String> endpoints,
        List<AddressRange> addresses,
        boolean clampsOutput) {
    public static final KeyRules NONE = new KeyRules(null, null, List.of(), true);

    public KeyRules {
        models = models == null ? null : Set.copyOf(models);
        endpoints = endpoints == null ? null : Set.copyOf(endpoints);
        addresses = List.copyOf(addresses);
    }

    public boolean allowsModel(String model) {
        return models == null || models.contains(model);
    }

    public boolean allowsPath(String path) {
        if (endpoints == null) {
            return true;
        }
        for (String endpoint : endpoints) {
            boolean matches =
                    endpoint.endsWith("*")
                            ? path.startsWith(endpoint.substring(0, endpoint.length() - 1))
                            : path.equals(endpoint);
            if (matches) {
                return true;
            }
        }
        return false;
    }

    public boolean allowsAddress(String address) {
        return addresses.isEmpty() || addresses.stream().anyMatch(range -> range.contains(address));
    }
}
