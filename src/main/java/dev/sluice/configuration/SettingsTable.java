package dev.sluice.configuration;

import dev.sluice.settings.Section;
import dev.sluice.settings.Setting;
import java.util.List;

/**
 * All settings there are. Reading, checking and docs/configuration.md follow from this table.
 *
 * <p>The names without {@code SLUICE_} are those by which other gateways know the same thing, so
 * that their deployments move without being rewritten.
 */
public final class SettingsTable {
    private SettingsTable() {}

    /**
     * {@return the settings}
     *
     * @param inContainer whether to listen on all addresses where nothing is said: inside a
     *     container loopback reaches nobody
     */
    public static List<Setting> all(boolean inContainer) {
        return sections().stream()
                .flatMap(section -> section.settings().stream())
                .map(one ->
                        inContainer && one.key().equals("server.host")
                                ? one.otherwise("0.0.0.0")
                                : one)
                .toList();
    }

    /** {@return the settings, section by section} */
    public static List<Section> sections() {
        return List.of(
                FrontSettings.server(),
                FrontSettings.limits(),
                FrontSettings.security(),
                StorageSettings.storage(),
                CallSettings.upstreams(),
                CallSettings.routing(),
                CallSettings.streams(),
                CallSettings.sessions(),
                CallSettings.spending(),
                StorageSettings.journal(),
                FrontSettings.log());
    }
}
