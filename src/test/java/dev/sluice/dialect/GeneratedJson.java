package dev.sluice.dialect;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** JSON texts as odd as JSON may be: escapes, white space, depth, names in any order. */
final class GeneratedJson {
    private static final List<String> SPACES = List.of("", "", "", " ", "\n", "\t\r\n ");
    private static final List<String> SCALARS =
            List.of(
                    "null",
                    "true",
                    "false",
                    "0",
                    "-1",
                    "12.50",
                    "1e3",
                    "9007199254740993",
                    "123456789012345678901234567890",
                    "\"\"",
                    "\"a\"",
                    "\"{\"",
                    "\"}\\\"\"",
                    "\"\\u00e9\\n\\\\\"",
                    "\"\u20ac \uD83D\uDE00\"",
                    "\"\\ud83d\\ude00\"",
                    "\"model\"",
                    "{}",
                    "[]",
                    "{ }",
                    "[ ]");

    private final Random random;

    GeneratedJson(Random random) {
        this.random = random;
    }

    /** {@return a request with messages, and whatever else, in any order} */
    String request() {
        List<String> members = new ArrayList<>();
        maybe(members, "model", () -> oneOf("\"sim-1\"", "\"a\\\"b\"", "\"\\u006dodel\"", "\"é\""));
        maybe(members, "stream", () -> oneOf("true", "false", "null"));
        maybe(members, "stream_options", this::streamOptions);
        maybe(
                members,
                oneOf("max_tokens", "max_completion_tokens", "max_output_tokens"),
                () -> oneOf("1", "4096", "null", "16"));
        maybe(members, "n", () -> oneOf("1", "2", "null"));
        members.add(member("messages", "[" + message() + "," + message() + "]"));
        for (int more = random.nextInt(4); more > 0; more--) {
            members.add(member("x" + more, value(0)));
        }
        Collections.shuffle(members, random);
        return oneOf("", "", "", "\uFEFF") + object(members);
    }

    private String streamOptions() {
        List<String> members = new ArrayList<>();
        maybe(members, "include_usage", () -> oneOf("true", "false", "null"));
        maybe(members, "x", () -> value(1));
        return random.nextInt(5) == 0 ? "null" : object(members);
    }

    private String message() {
        return object(List.of(member("role", "\"user\""), member("content", "\"Hello\"")));
    }

    private String value(int depth) {
        if (depth > 6 || random.nextInt(3) > 0) {
            return oneOf(SCALARS.toArray(String[]::new));
        }
        List<String> parts = new ArrayList<>();
        boolean object = random.nextBoolean();
        for (int part = random.nextInt(4); part > 0; part--) {
            String value = value(depth + 1);
            parts.add(object ? member(oneOf("model", "stream", "a") + part, value) : value);
        }
        return object ? object(parts) : "[" + space() + String.join(space() + ",", parts) + "]";
    }

    private void maybe(List<String> members, String name, Supplier<String> value) {
        if (random.nextInt(3) > 0) {
            members.add(member(name, value.get()));
        }
    }

    private String member(String name, String value) {
        String spelled =
                random.nextInt(10) == 0
                        ? "\\u%04x".formatted((int) name.charAt(0)) + name.substring(1)
                        : name;
        return space() + '"' + spelled + '"' + space() + ":" + space() + value;
    }

    private String object(List<String> members) {
        return space() + "{" + String.join(space() + ",", members) + space() + "}" + space();
    }

    private String space() {
        return oneOf(SPACES.toArray(String[]::new));
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    /** {@return the bytes with something flipped, cut out, doubled or overwritten} */
    byte[] damaged(byte[] bytes) {
        byte[] damaged = bytes.clone();
        for (int strike = random.nextInt(4); strike >= 0 && damaged.length > 0; strike--) {
            int at = random.nextInt(damaged.length);
            int length = random.nextInt(Math.min(20, damaged.length - at) + 1);
            switch (random.nextInt(4)) {
                case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> damaged = spliced(damaged, at, at + length, 0);
                case 2 -> damaged = spliced(damaged, at, at, length);
                default ->
                        damaged[at] =
                                (byte) oneOf("{", "}", "[", "]", "\"", "\\", ",", "\0").charAt(0);
            }
        }
        return damaged;
    }

    /** {@return the bytes without those of a range, the next ones doubled} */
    private static byte[] spliced(byte[] bytes, int from, int to, int doubled) {
        byte[] result = new byte[bytes.length - (to - from) + doubled];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(bytes, from, result, from, doubled);
        System.arraycopy(bytes, to, result, from + doubled, bytes.length - to);
        return result;
    }
}
