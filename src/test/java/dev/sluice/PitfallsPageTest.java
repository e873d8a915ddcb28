package dev.sluice;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Holds docs/translation-pitfalls.md to the tests that it names. */
class PitfallsPageTest {
    private static final Path PAGE = Path.of("docs/translation-pitfalls.md");
    private static final Path TESTS = Path.of("src/test/java");
    private static final int ALL = 94;
    private static final Pattern ROW =
            Pattern.compile("^\\| (\\d+) \\| ([^|]+) \\| ([^|]+) \\|$", Pattern.MULTILINE);
    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");

    private record Row(int number, String mistake, String answer) {}

    @Test
    void everyMistakeIsThereOnceAndAnswered() throws IOException {
        List<Row> rows = rows();

        assertThat(rows)
                .extracting(Row::number)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, ALL).boxed().toList());
        assertThat(rows).extracting(Row::mistake).doesNotHaveDuplicates();
        assertThat(rows)
                .allSatisfy(row -> {
                    String said = row.answer;
                    boolean reason = said.startsWith("does not apply: ");
                    assertThat(reason || NAMED.matcher(said).find())
                            .as("row %d names a test or says why there is none", row.number)
                            .isTrue();
                });
    }

    @Test
    void everyTestThatIsNamedIsOne() throws Exception {
        Map<String, String> classes = classes();
        for (Row row : rows()) {
            Matcher named = NAMED.matcher(row.answer);
            while (named.find()) {
                String simple = named.group(1);
                assertThat(classes).as("row %d", row.number).containsKey(simple);
                assertThat(Class.forName(classes.get(simple)).getDeclaredMethods())
                        .as("row %d: %s#%s", row.number, simple, named.group(2))
                        .filteredOn(PitfallsPageTest::isTest)
                        .extracting(Method::getName)
                        .contains(named.group(2));
            }
        }
    }

    private static boolean isTest(Method method) {
        return Arrays.stream(method.getAnnotations())
                .anyMatch(mark -> mark instanceof Test || mark instanceof ParameterizedTest);
    }

    private static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        Matcher row = ROW.matcher(Files.readString(PAGE));
        while (row.find()) {
            rows.add(new Row(Integer.parseInt(row.group(1)), row.group(2), row.group(3)));
        }
        return rows;
    }

    /** {@return the test classes by their simple names} */
    private static Map<String, String> classes() throws IOException {
        try (Stream<Path> files = Files.walk(TESTS)) {
            return files.filter(file -> file.toString().endsWith("Test.java"))
                    .map(file -> TESTS.relativize(file).toString())
                    .map(file -> file.substring(0, file.length() - ".java".length()))
                    .map(file -> file.replace('/', '.').replace('\\', '.'))
                    .collect(
                            Collectors.toMap(
                                    name -> name.substring(name.lastIndexOf('.') + 1),
                                    name -> name));
        }
    }
}
