package dev.sluice.configuration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.settings.Section;
import dev.sluice.settings.Setting;
import dev.sluice.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Holds the pages for operators to the table of settings. {@code -Dconfiguration.update} writes the
 * page anew.
 */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of("docs/configuration.md");
    private static final String BEGIN =
            "<!-- The rest of this page is made from SettingsTable. -->\n";

    @Test
    void theConfigurationPageIsWhatTheTableSays() throws IOException {
        String page = Files.readString(PAGE);
        String head = page.substring(0, page.indexOf(BEGIN) + BEGIN.length());
        String expected = head + tables();
        if (System.getProperty("configuration.update") != null) {
            Files.writeString(PAGE, expected);
            return;
        }

        assertThat(page)
                .as("run the test with -Dconfiguration.update to write the page anew")
                .isEqualTo(expected);
    }

    @Test
    void everyKeyAndEveryVariableIsOneSettings() {
        List<Setting> settings = SettingsTable.all(false);

        assertThat(settings).extracting(Setting::key).doesNotHaveDuplicates();
        assertThat(settings).extracting(Setting::variable).doesNotHaveDuplicates();
        assertThat(settings)
                .extracting(Setting::variable)
                .allSatisfy(name -> assertThat(name).matches("[A-Z][A-Z0-9_]+"))
                .as("a cluster puts names like these into the environment")
                .noneMatch(name -> name.matches("SLUICE_(SERVICE_.*|PORT.*)"));
    }

    @Test
    void everyStandardValueHasTheFormOfItsSetting() {
        for (Setting setting : SettingsTable.all(true)) {
            if (setting.standard() != null) {
                assertThat(setting.form().fits().test(setting.standard()))
                        .as(setting.key())
                        .isTrue();
            }
        }
    }

    @Test
    void theExampleFileIsReadAndSaysOnlyWhatHoldsAnyway() throws Exception {
        Path none = Path.of("no-such.env");
        Settings said =
                new SettingsReader(SettingsTable.all(false), Map.of())
                        .read(Path.of("sluice.example.yaml"), none, Settings::from);
        Settings standard =
                new SettingsReader(SettingsTable.all(false), Map.of())
                        .read(null, none, Settings::from);

        assertThat(said).usingRecursiveComparison().isEqualTo(standard);
    }

    @Test
    void theExampleOfTheEnvironmentNamesOnlyWhatThereIs() throws Exception {
        Set<String> known = new HashSet<>();
        SettingsTable.all(false).forEach(setting -> known.add(setting.variable()));
        Matcher names =
                Pattern.compile("(?m)^#? ?([A-Z][A-Z0-9_]+)=")
                        .matcher(Files.readString(Path.of(".env.example")));

        assertThat(names.results().map(name -> name.group(1)).toList())
                .isNotEmpty()
                .isSubsetOf(known);
        new SettingsReader(SettingsTable.all(false), Map.of())
                .read(null, Path.of(".env.example"), Settings::from);
    }

    private static String tables() {
        StringBuilder page = new StringBuilder();
        for (Section section : SettingsTable.sections()) {
            page.append("\n## ").append(section.name()).append("\n\n");
            page.append(section.description()).append("\n\n");
            page.append("| in the file | in the environment | standard | what |\n");
            page.append("|---|---|---|---|\n");
            section.settings().forEach(setting -> page.append(row(setting)));
        }
        return page.toString();
    }

    private static String row(Setting setting) {
        String standard = setting.standard();
        String form = setting.form().description();
        return "| `%s` | `%s` | %s | %s%s%s |\n"
                .formatted(
                        setting.key(),
                        setting.variable(),
                        standard == null ? "" : "`" + standard + "`",
                        setting.description(),
                        form.equals("text") ? "" : " Must be " + form + ".",
                        setting.secret() ? " Never shown." : "");
    }
}
