import dev.sluice.catalog.ApiKey;
import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Catalogs;
import dev.sluice.catalog.DigestKey;
import dev.sluice.catalog.Permission;
import dev.sluice.http.Exchange;
import dev.sluice.http.Headers;
import dev.sluice.proxy.GatewayException;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.authenticate.FailedAttempts;
import dev.sluice.proxy.authenticate.SignedInUsers;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;

/**
 * Whether the time in which a key is refused tells anything of the keys that there are: unknown keys, keys that begin like a real one, and
 * keys that differ from a real one in the last character, in turns, among 10,000 real ones; the time of a real key beside them. Run it with
 * {@code java -XX:+UseSerialGC -cp 'target/classes:target/lib/*' bench/KeyTiming.java}. Exit code 1 if a difference is beyond noise.
 */
public final class KeyTiming {
    private static final int KEYS = 10_000;
    private static final int WARM_UP = 100_000;
    private static final int SAMPLES = 200_000;

    /** Half a percent of the samples are kept out at the upper end: what the machine did in between. */
    private static final double KEPT = 0.995;

    /** Of a difference of two means, in standard errors: one run in about 16,000 exceeds it by chance. */
    private static final double NOISE = 4;

    private KeyTiming() {}

    private enum Kind {
        UNKNOWN,
        SAME_BEGINNING,
        ALL_BUT_THE_LAST,
        RIGHT
    }

    public static void main(String[] args) {
        long seed = args.length > 0 ? Long.parseLong(args[0]) : 42;
        Random random = new Random(seed);
        DigestKey digestKey = new DigestKey(new byte[32]);
        List<String> real = new ArrayList<>();
        List<ApiKey> keys = new ArrayList<>();
        for (int i = 0; i < KEYS; i++) {
            String text = text(random);
            real.add(text);
            keys.add(
                    new ApiKey(
                            new UUID(1, i), "key", text.substring(0, 12), digestKey.digest(text), Set.of(Permission.WRITE), null, true,
                            null, null, null, null, null, false));
        }
        Authenticator authenticator =
                new Authenticator(
                        new Catalogs(Catalog.of(1, keys, List.of())), digestKey, null, new FailedAttempts(System::nanoTime),
                        SignedInUsers.NONE, Clock.systemUTC());
        long[][] nanos = new long[Kind.values().length][SAMPLES];
        for (int i = -WARM_UP; i < SAMPLES; i++) {
            // In turns, so that whatever else the machine does falls upon all alike.
            for (Kind kind : shuffled(random)) {
                Exchange exchange = exchange(value(kind, real, random), i);
                long taken = time(authenticator, exchange);
                if (i >= 0) {
                    nanos[kind.ordinal()][i] = taken;
                }
            }
        }
        report(nanos, seed);
    }

    private static void report(long[][] nanos, long seed) {
        System.out.printf("%,d samples of each, seed %d%n", SAMPLES, seed);
        for (Kind kind : Kind.values()) {
            Summary summary = Summary.of(nanos[kind.ordinal()]);
            System.out.printf(
                    "%-17s median %,6d ns, mean %,8.1f ns +- %.1f%n", kind, summary.median(), summary.mean(), summary.error());
        }
        Summary unknown = Summary.of(nanos[Kind.UNKNOWN.ordinal()]);
        boolean differs = false;
        for (Kind kind : List.of(Kind.SAME_BEGINNING, Kind.ALL_BUT_THE_LAST)) {
            Summary other = Summary.of(nanos[kind.ordinal()]);
            double errors = (other.mean() - unknown.mean()) / Math.hypot(other.error(), unknown.error());
            System.out.printf("%s - UNKNOWN: %+.1f ns, %+.2f standard errors%n", kind, other.mean() - unknown.mean(), errors);
            differs |= Math.abs(errors) > NOISE;
        }
        System.out.println(differs ? "a difference beyond noise" : "no difference beyond noise");
        System.exit(differs ? 1 : 0);
    }

    private record Summary(long median, double mean, double error) {
        static Summary of(long[] samples) {
            long[] sorted = samples.clone();
            Arrays.sort(sorted);
            int kept = (int) (sorted.length * KEPT);
            double mean = Arrays.stream(sorted, 0, kept).average().orElseThrow();
            double squares = Arrays.stream(sorted, 0, kept).mapToDouble(nanos -> (nanos - mean) * (nanos - mean)).sum();
            return new Summary(sorted[sorted.length / 2], mean, Math.sqrt(squares / kept / kept));
        }
    }

    private static long time(Authenticator authenticator, Exchange exchange) {
        long began = System.nanoTime();
        try {
            authenticator.authenticate(exchange, Permission.WRITE);
        } catch (GatewayException refused) {
            // The very answer that a stranger gets.
        }
        return System.nanoTime() - began;
    }

    private static List<Kind> shuffled(Random random) {
        List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
        java.util.Collections.shuffle(kinds, random);
        return kinds;
    }

    private static String value(Kind kind, List<String> real, Random random) {
        String one = real.get(random.nextInt(real.size()));
        String other = text(random);
        return switch (kind) {
            case UNKNOWN -> other;
            case SAME_BEGINNING -> one.substring(0, 12) + other.substring(12);
            case ALL_BUT_THE_LAST -> one.substring(0, one.length() - 1) + (one.endsWith("A") ? "E" : "A");
            case RIGHT -> one;
        };
    }

    private static String text(Random random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return "sk-auto-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** From another address each time: else the sixtieth wrong key of one is refused at once. */
    private static Exchange exchange(String key, int number) {
        Headers headers = Headers.of("host", "gateway", "authorization", "Bearer " + key, "content-type", "application/json");
        String address = "10.%d.%d.%d".formatted(number >> 16 & 255, number >> 8 & 255, number & 255);
        return (Exchange)
                Proxy.newProxyInstance(
                        Exchange.class.getClassLoader(),
                        new Class<?>[] {Exchange.class},
                        (_, method, _) -> switch (method.getName()) {
                            case "headers" -> headers;
                            case "clientAddress" -> address;
                            case "path" -> "/v1/chat/completions";
                            default -> null;
                        });
    }
}
