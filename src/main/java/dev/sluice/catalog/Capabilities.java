package dev.sluice.catalog;

import java.util.Map;

/**
 * How a vendor differs from its protocol (wire-contract §1.5): flags by name, absent ones having
 * the protocol's own meaning.
 */
public record Capabilities(Map<String, String> flags) {
    public static final Capabilities STANDARD = new Capabilities(Map.of());

    public Capabilities {
        flags = Map.copyOf(flags);
    }

    /** {@return whether a flag holds, or the default where it is not set} */
    public boolean is(String flag, boolean otherwise) {
        String value = flags.get(flag);
        return value == null ? otherwise : value.equals("true");
    }

    /** {@return whose cloud serves it, which has paths of its own; empty for none} */
    public String platform() {
        return flags.getOrDefault("platform", "");
    }

    /** {@return the version that Azure wants in the query; empty for none} */
    public String apiVersion() {
        return flags.getOrDefault("apiVersion", "");
    }

    /** {@return whether {@code stream_options} may be sent} */
    public boolean acceptsStreamOptions() {
        return is("streamOptions", true);
    }
}
