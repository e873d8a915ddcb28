package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.trait.Trait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds what an operator may say of an upstream to what the dialects ask. */
class CapabilitiesTest {
    private static final Path CONTRACT = Path.of("docs/openapi/upstreams.yaml");
    private static final Pattern SCHEMA =
            Pattern.compile("(?ms)^ {4}Capabilities:\\n(.*?)^ {4}\\w");
    private static final Pattern PROPERTY = Pattern.compile("(?m)^ {8}(\\w+):");

    /** What is asked elsewhere: where key and version go, and whether refusals are let pass. */
    private static final List<String> OTHERS = List.of("credential", "lenient", "apiVersion");

    @Test
    void everyTraitCanBeSetOnAnUpstreamAndNothingElse() throws Exception {
        Matcher schema = SCHEMA.matcher(Files.readString(CONTRACT));
        assertThat(schema.find()).isTrue();
        List<String> settable = new ArrayList<>();
        Matcher property = PROPERTY.matcher(schema.group(1));
        while (property.find()) {
            settable.add(property.group(1));
        }
        List<String> asked = new ArrayList<>(OTHERS);
        Arrays.stream(Trait.values()).map(Trait::wireName).forEach(asked::add);

        assertThat(settable).containsExactlyInAnyOrderElementsOf(asked);
    }
}
