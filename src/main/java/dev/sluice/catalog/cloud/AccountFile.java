package dev.sluice.catalog.cloud;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The members of a credential's JSON. */
record AccountFile(JsonNode json) {
    private static final Set<String> THIS_MACHINE = Set.of("127.0.0.1", "localhost", "[::1]");

    boolean has(String member) {
        return json.has(member);
    }

    String text(String member) throws UnusableAccount {
        JsonNode value = json.path(member);
        if (!value.isString() || value.stringValue().isBlank()) {
            throw new UnusableAccount("lacks the text " + member);
        }
        return value.stringValue();
    }

    String text(String member, String otherwise) throws UnusableAccount {
        return has(member) ? text(member) : otherwise;
    }

    /**
     * {@return an address at which tokens may be fetched} Only over https, but for a simulated one
     * on this machine.
     */
    URI address(String member, String otherwise) throws UnusableAccount {
        URI address = parsed(text(member, otherwise), member);
        String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        String host = address.getHost();
        boolean allowed =
                host != null
                        && (scheme.equals("https")
                                || (scheme.equals("http") && THIS_MACHINE.contains(host)));
        if (!allowed || address.getRawUserInfo() != null || address.getRawFragment() != null) {
            throw new UnusableAccount(
                    "has a " + member + " that is no https address without user name and fragment");
        }
        return address;
    }

    private static URI parsed(String text, String member) throws UnusableAccount {
        try {
            return new URI(text);
        } catch (URISyntaxException _) {
            throw new UnusableAccount("has a " + member + " that is no address");
        }
    }
}
