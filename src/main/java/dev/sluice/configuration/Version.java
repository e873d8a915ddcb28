package dev.sluice.configuration;

/** Which Sluice this is. */
public final class Version {
    private Version() {}

    /** {@return the version in the jar's manifest, or {@code dev} outside a jar} */
    public static String current() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
