package dev.sluice.dialect.rules.tool;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Ids of tool calls: the upstream's own where they are legal for every protocol, otherwise made
 * from a hash, the same every time and unique for each call (wire-contract §2.5).
 */
public final class ToolCallIds {
    /** Legal everywhere: Anthropic's characters, OpenAI's length. */
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z0-9_-]{1,64}");

    private static final Pattern MADE = Pattern.compile("call_[0-9a-f]{24}");

    private ToolCallIds() {}

    /**
     * {@return the id of a call in an answer}
     *
     * @param said what the upstream said; may be empty
     * @param responseId the upstream's id of the answer
     * @param index the call's place in it
     */
    public static String of(String said, String responseId, int index) {
        return said.isEmpty() ? made(responseId + "\n" + index) : legal(said);
    }

    /** {@return the id, or one made from it where some protocol would refuse it} */
    public static String legal(String id) {
        return LEGAL.matcher(id).matches() ? id : made(id);
    }

    /** {@return whether the gateway made the id; such ones are not sent to a Gemini upstream} */
    public static boolean isMade(String id) {
        return MADE.matcher(id).matches();
    }

    private static String made(String from) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            byte[] digest = sha.digest(from.getBytes(StandardCharsets.UTF_8));
            return "call_" + HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
