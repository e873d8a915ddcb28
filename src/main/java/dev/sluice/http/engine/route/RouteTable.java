package dev.sluice.http.engine.route;

import dev.sluice.http.Route;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * All routes, looked up by method and path as sent. Of several that match, the more specific
 * template wins, then the one that names the method. HEAD is served by GET.
 */
public final class RouteTable {
    private static final String ANY = "*";

    private final Map<String, List<Entry>> literals = new HashMap<>();
    private final List<Entry> patterns = new ArrayList<>();

    private record Entry(Route route, PathTemplate template) {}

    /** What the table says to a request. */
    public sealed interface Match {
        record Found(Route route, Map<String, String> parameters) implements Match {}

        /**
         * @param allow the methods that the path knows, as in the {@code Allow} field
         */
        record WrongMethod(String allow) implements Match {}

        record Unknown() implements Match {}
    }

    public RouteTable(Collection<Route> routes) {
        for (Route route : routes) {
            Entry entry = new Entry(route, new PathTemplate(route.template()));
            if (entry.template().isLiteral()) {
                literals.computeIfAbsent(route.template(), _ -> new ArrayList<>()).add(entry);
            } else {
                patterns.add(entry);
            }
        }
        patterns.sort((a, b) -> a.template().compareSpecificity(b.template()));
    }

    public Match match(String method, String path) {
        List<Entry> exact = literals.getOrDefault(path, List.of());
        Route named = serving(exact, method);
        if (named != null) {
            return new Match.Found(named, Map.of());
        }
        Match.Found wildcard = null;
        Set<String> allowed = new TreeSet<>();
        exact.forEach(entry -> allow(allowed, entry.route()));
        for (Entry entry : patterns) {
            Map<String, String> parameters = entry.template().match(path);
            if (parameters == null) {
                continue;
            }
            Match.Found found = new Match.Found(entry.route(), Map.copyOf(parameters));
            if (serves(entry.route(), method)) {
                return wildcard == null ? found : moreSpecific(wildcard, found);
            }
            if (entry.route().method().equals(ANY) && isOrdinary(method) && wildcard == null) {
                wildcard = found;
            }
            allow(allowed, entry.route());
        }
        return wildcard != null ? wildcard : unserved(allowed);
    }

    private static Match unserved(Set<String> allowed) {
        return allowed.isEmpty()
                ? new Match.Unknown()
                : new Match.WrongMethod(String.join(", ", allowed));
    }

    private static Match.Found moreSpecific(Match.Found wildcard, Match.Found named) {
        boolean sameTemplate = wildcard.route().template().equals(named.route().template());
        return sameTemplate ? named : wildcard;
    }

    private static @Nullable Route serving(List<Entry> entries, String method) {
        Route any = null;
        for (Entry entry : entries) {
            if (serves(entry.route(), method)) {
                return entry.route();
            }
            if (entry.route().method().equals(ANY) && isOrdinary(method)) {
                any = entry.route();
            }
        }
        return any;
    }

    private static boolean serves(Route route, String method) {
        return route.method().equals(method)
                || (method.equals("HEAD") && route.method().equals("GET"));
    }

    /** Methods that speak to the server itself, never to a resource. */
    private static boolean isOrdinary(String method) {
        return !method.equals("CONNECT") && !method.equals("TRACE");
    }

    private static void allow(Set<String> allowed, Route route) {
        if (route.method().equals(ANY)) {
            allowed.addAll(List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"));
            return;
        }
        allowed.add(route.method());
        if (route.method().equals("GET")) {
            allowed.add("HEAD");
        }
    }
}
