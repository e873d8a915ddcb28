package dev.sluice.dialect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tool names that an upstream would refuse, and what they are called there: the first 55 legal
 * characters and 8 digits of a hash, the same every time, in the definition, in the history and
 * (backwards) in the answer (wire-contract §2.5).
 *
 * @param toUpstream only the renamed ones
 * @param toClient the same backwards
 * @param collisions names of the client that are the same upstream, which is a refusal
 */
public record ToolNames(
        Map<String, String> toUpstream, Map<String, String> toClient, Set<String> collisions) {
    public static final ToolNames NONE = new ToolNames(Map.of(), Map.of(), Set.of());

    /** What names an upstream takes. */
    public enum Rule {
        OPENAI("[A-Za-z0-9_-]{1,64}", "[^A-Za-z0-9_-]"),
        ANTHROPIC("[A-Za-z0-9_-]{1,128}", "[^A-Za-z0-9_-]"),
        GEMINI("[A-Za-z_][A-Za-z0-9_.:-]{0,63}", "[^A-Za-z0-9_.:-]");

        private final Pattern legal;
        private final Pattern illegalCharacter;

        Rule(String legal, String illegalCharacter) {
            this.legal = Pattern.compile(legal);
            this.illegalCharacter = Pattern.compile(illegalCharacter);
        }
    }

    private static final int KEPT = 55;

    public ToolNames {
        toUpstream = Map.copyOf(toUpstream);
        toClient = Map.copyOf(toClient);
        collisions = Set.copyOf(collisions);
    }

    /**
     * {@return the names that the rule forbids, renamed}
     *
     * @param names of all tools that the request defines, chooses or has called
     */
    public static ToolNames under(Rule rule, Collection<String> names) {
        Map<String, String> toUpstream = new HashMap<>();
        Map<String, String> toClient = new HashMap<>();
        Set<String> taken = new HashSet<>();
        Set<String> collisions = new HashSet<>();
        for (String name : new LinkedHashSet<>(names)) {
            boolean legal = rule.legal.matcher(name).matches();
            String wire = legal ? name : renamed(rule, name);
            if (!taken.add(wire)) {
                collisions.add(name);
            }
            if (!legal) {
                toUpstream.put(name, wire);
                toClient.put(wire, name);
            }
        }
        return toUpstream.isEmpty() && collisions.isEmpty()
                ? NONE
                : new ToolNames(toUpstream, toClient, collisions);
    }

    public String upstream(String clientName) {
        return toUpstream.getOrDefault(clientName, clientName);
    }

    public String client(String upstreamName) {
        return toClient.getOrDefault(upstreamName, upstreamName);
    }

    private static String renamed(Rule rule, String name) {
        String clean = rule.illegalCharacter.matcher(name).replaceAll("_");
        if (clean.isEmpty() || !(Character.isLetter(clean.charAt(0)) || clean.charAt(0) == '_')) {
            clean = "_" + clean;
        }
        String kept = clean.substring(0, Math.min(KEPT, clean.length()));
        return kept + "_" + hash(name).substring(0, 8);
    }

    private static String hash(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
