package dev.sluice.http.outbound;

import dev.sluice.http.address.AddressPolicy;
import dev.sluice.http.address.AddressRules;
import dev.sluice.http.client.OutboundFailure;
import dev.sluice.http.client.OutboundFailure.Kind;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves host names and says which of the addresses may be connected to. A call connects to an
 * address that came from here and to nothing else, so a name that changes its mind between check
 * and connect (DNS rebinding) gains nothing. Names are resolved on virtual threads and kept for a
 * short time.
 */
public final class AddressGuard {
    private static final int MAX_NAMES = 4_096;
    private static final Pattern IPV4 = Pattern.compile("(\\d{1,3}\\.){3}\\d{1,3}");
    private static final Pattern NUMBER = Pattern.compile("\\d+|0[xX][0-9a-fA-F]*");

    private final long cacheNanos;
    private final LongSupplier ticker;
    private final NameLookup lookup;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private final Map<String, List<InetAddress>> literals = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<List<InetAddress>>> asked =
            new ConcurrentHashMap<>();

    /** Finds a name's addresses; may block. */
    @FunctionalInterface
    public interface NameLookup {
        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    private record Known(List<InetAddress> addresses, long untilNanos) {}

    public AddressGuard(Duration cacheTime, LongSupplier ticker, NameLookup lookup) {
        this.cacheNanos = cacheTime.toNanos();
        this.ticker = ticker;
        this.lookup = lookup;
    }

    /**
     * {@return the addresses of that host that the policy allows, at least one} Completes at once
     * when they are known, else on the given context. Fails with {@link OutboundFailure}: {@code
     * UNRESOLVED} or {@code FORBIDDEN_ADDRESS}.
     */
    Future<List<InetAddress>> allowed(String host, AddressPolicy policy, Context context) {
        List<InetAddress> written = literals.get(host);
        if (written != null) {
            return permitted(written, policy);
        }
        if (isLiteral(host)) {
            return allowedLiteral(host, policy);
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        Known cached = known.get(name);
        if (cached != null && cached.untilNanos() - ticker.getAsLong() > 0) {
            return permitted(cached.addresses(), policy);
        }
        return resolve(name, context).compose(addresses -> permitted(addresses, policy));
    }

    private Future<List<InetAddress>> allowedLiteral(String host, AddressPolicy policy) {
        try {
            List<InetAddress> written = List.of(literal(host));
            if (literals.size() >= MAX_NAMES) {
                literals.clear();
            }
            literals.put(host, written);
            return permitted(written, policy);
        } catch (IllegalArgumentException _) {
            return Future.failedFuture(
                    new OutboundFailure(
                            Kind.FORBIDDEN_ADDRESS,
                            "An IP address must be written in its canonical form"));
        }
    }

    /** {@return whether the host is meant as an IP address, in whatever spelling} */
    static boolean isLiteral(String host) {
        if (host.indexOf(':') >= 0) {
            return true;
        }
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        String last = name.substring(name.lastIndexOf('.') + 1);
        return NUMBER.matcher(last).matches();
    }

    /**
     * {@return the address that is written there} Only canonical spellings: octal, hexadecimal and
     * shortened ones are read differently by different parsers.
     */
    static InetAddress literal(String host) {
        if (host.indexOf(':') >= 0) {
            if (host.indexOf('%') >= 0) {
                throw new IllegalArgumentException("An address with a zone is not routed");
            }
            return InetAddress.ofLiteral(host);
        }
        if (!IPV4.matcher(host).matches()) {
            throw new IllegalArgumentException("Not a dotted quad");
        }
        for (String part : host.split("\\.", -1)) {
            if (part.length() > 1 && part.startsWith("0")) {
                throw new IllegalArgumentException("A leading zero may mean octal");
            }
        }
        return InetAddress.ofLiteral(host);
    }

    private static Future<List<InetAddress>> permitted(
            List<InetAddress> addresses, AddressPolicy policy) {
        List<InetAddress> allowed = new ArrayList<>(addresses.size());
        for (InetAddress address : addresses) {
            if (AddressRules.allows(policy, address)) {
                allowed.add(address);
            }
        }
        if (allowed.isEmpty()) {
            return Future.failedFuture(
                    new OutboundFailure(
                            Kind.FORBIDDEN_ADDRESS,
                            "The host's address is not one that may be connected to"));
        }
        return Future.succeededFuture(allowed);
    }

    private Future<List<InetAddress>> resolve(String name, Context context) {
        CompletableFuture<List<InetAddress>> mine = new CompletableFuture<>();
        CompletableFuture<List<InetAddress>> running = asked.putIfAbsent(name, mine);
        if (running == null) {
            Thread.ofVirtual().name("resolve").start(() -> ask(name, mine));
        }
        Promise<List<InetAddress>> promise = Promise.promise();
        var _ =
                (running == null ? mine : running)
                        .whenComplete((addresses, failure) ->
                                context.runOnContext(_ -> complete(promise, addresses, failure)));
        return promise.future();
    }

    private static void complete(
            Promise<List<InetAddress>> promise,
            @Nullable List<InetAddress> addresses,
            @Nullable Throwable failure) {
        if (failure != null || addresses == null) {
            promise.fail(new OutboundFailure(Kind.UNRESOLVED, "The host name does not resolve"));
            return;
        }
        promise.complete(addresses);
    }

    private void ask(String name, CompletableFuture<List<InetAddress>> answer) {
        try {
            List<InetAddress> addresses = keepingOrder(name, lookup.addressesOf(name));
            if (known.size() >= MAX_NAMES) {
                known.clear();
            }
            known.put(name, new Known(addresses, ticker.getAsLong() + cacheNanos));
            asked.remove(name, answer);
            answer.complete(addresses);
        } catch (UnknownHostException | RuntimeException failure) {
            asked.remove(name, answer);
            answer.completeExceptionally(failure);
        }
    }

    /** The first address of last time stays first, so that its connections go on being used. */
    private List<InetAddress> keepingOrder(String name, InetAddress[] found) {
        Known before = known.get(name);
        List<InetAddress> addresses = new ArrayList<>(Arrays.asList(found));
        if (before != null && addresses.remove(before.addresses().getFirst())) {
            addresses.addFirst(before.addresses().getFirst());
        }
        return List.copyOf(addresses);
    }
}
