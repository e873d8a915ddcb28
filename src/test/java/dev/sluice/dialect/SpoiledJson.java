package dev.sluice.dialect;

import java.util.List;
import java.util.Random;

/** JSON in which something else stands in place of a value; what follows it may be cut short. */
public final class SpoiledJson {
    private static final List<String> VALUES =
            List.of(
                    "null",
                    "{}",
                    "[]",
                    "-1",
                    "1",
                    "\"x\"",
                    "true",
                    "[{}]",
                    "1e99",
                    "[[1]]",
                    "{\"type\":{}}");

    private SpoiledJson() {}

    /** {@return the sample with another value after one of its colons} */
    public static String of(String sample, Random random) {
        int at = sample.indexOf(':', random.nextInt(sample.lastIndexOf(':'))) + 1;
        int end =
                switch (random.nextInt(3)) {
                    case 0 -> sample.indexOf(',', at);
                    case 1 -> sample.indexOf('}', at) + random.nextInt(2);
                    default -> at + 1 + random.nextInt(6);
                };
        return sample.substring(0, at)
                + VALUES.get(random.nextInt(VALUES.size()))
                + sample.substring(Math.clamp(end, at, sample.length()));
    }
}
