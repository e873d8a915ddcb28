package dev.sluice.admin.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.admin.AdminJson;
import dev.sluice.admin.TestGateway;
import dev.sluice.admin.TestGateway.Reply;
import dev.sluice.store.Vendor;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Every number that the control plane takes, as its description says, at values that overflow,
 * round or are none: refused with the field's name, or kept exactly.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AdminNumbersTest {
    private static final List<String> NUMBERS =
            List.of(
                    "2147483647",
                    "2147483648",
                    "9007199254740993",
                    "9223372036854775807",
                    "9223372036854775808",
                    "-1",
                    "-9223372036854775808",
                    "-0.000000001",
                    "1e308",
                    "-1e308",
                    "1e400",
                    "1e-400",
                    "1e999999999",
                    "1e-999999999",
                    "0.1000000000000000055511151231257827",
                    "\"NaN\"",
                    "\"Infinity\"",
                    "\"-1\"",
                    "\"1e-400\"",
                    "\"1e999999999\"",
                    "\"9223372036854775808\"",
                    "\"0x10\"",
                    "\"twelve\"",
                    "\"\"",
                    "\" 1\"",
                    "true",
                    "[1]",
                    "{}");

    /** What each operation takes, with an entry in every list that holds numbers. */
    private static final Map<String, String> BODIES =
            Map.ofEntries(
                    Map.entry("POST /admin/keys/{id}/rotate", "{}"),
                    Map.entry(
                            "POST /admin/keys",
                            """
                            {"name":"k-%d","limits":[{"kind":"tokens","period":"day","amount":1}]}
                            """),
                    Map.entry(
                            "PUT /admin/keys/{id}",
                            """
                            {"limits":[{"kind":"money","period":"week","amount":1}]}
                            """),
                    Map.entry(
                            "POST /admin/prices",
                            """
                            {"model":"m-%d","input":"1","output":"1","image":"1","request":"1",
                             "long_input":{"more_than":200000,"input":"1","output":"1"}}
                            """),
                    Map.entry(
                            "PUT /admin/prices/{id}",
                            """
                            {"long_input":{"more_than":200000,"input":"1","output":"1"}}
                            """),
                    Map.entry(
                            "PUT /admin/limits",
                            """
                            {"scope":"global","limits":[{"kind":"money","period":"day","amount":"1"}]}
                            """),
                    Map.entry(
                            "POST /admin/organizations",
                            """
                            {"name":"o-%d","limits":[{"kind":"tokens","period":"day","amount":1}]}
                            """),
                    Map.entry(
                            "PUT /admin/organizations/{id}",
                            """
                            {"limits":[{"kind":"money","period":"week","amount":1}]}
                            """),
                    Map.entry(
                            "POST /admin/upstreams",
                            """
                            {"name":"u-%d","provider":"openai","keys":[{"key":"sk-12345678","weight":1}],
                             "retryable_status_codes":[500]}
                            """),
                    Map.entry(
                            "PUT /admin/upstreams/{id}",
                            """
                            {"keys":[{"key":"sk-12345678","weight":1}],"retryable_status_codes":[500]}
                            """),
                    Map.entry(
                            "POST /admin/models",
                            """
                            {"id":"model-%d","targets":[{"upstream":"known","model":"m"}]}
                            """),
                    Map.entry(
                            "PUT /admin/models/{id}",
                            """
                            {"targets":[{"upstream":"known","model":"m"}]}
                            """));

    private TestGateway gateway;
    private int made;

    @BeforeAll
    void start() {
        gateway = new TestGateway(Vendor.SQLITE);
        assertThat(
                        gateway.post(
                                        "/admin/upstreams",
                                        "{\"name\":\"known\",\"provider\":\"openai\",\"api_key\":\"sk-12345678\"}")
                                .status())
                .isEqualTo(201);
    }

    @AfterAll
    void close() {
        gateway.close();
    }

    /** An operation and where in its body a number stands. */
    record Field(String operation, List<String> place) {
        @Override
        public String toString() {
            return operation + " " + String.join(".", place);
        }
    }

    static List<Field> numericFields() {
        OpenApi description = OpenApi.bundled();
        List<Field> fields = new ArrayList<>();
        for (String operation : new Contract(description).operations()) {
            if (operation.contains(" /admin/") && !operation.startsWith("GET")) {
                new NumericFields(description, operation).addTo(fields);
            }
        }
        return fields;
    }

    @Test
    void everyOperationThatTakesNumbersIsTried() {
        Set<String> taking = new TreeSet<>();
        numericFields().forEach(field -> taking.add(field.operation()));
        taking.removeIf(AdminNumbersTest::changesNothing);

        assertThat(taking).isEqualTo(new TreeSet<>(BODIES.keySet()));
        assertThat(numericFields()).hasSizeGreaterThan(60);
    }

    /** What only rehearses a call or asks an upstream keeps no number. */
    private static boolean changesNothing(String operation) {
        return operation.endsWith("/decide")
                || operation.endsWith("/test")
                || operation.endsWith("/translate");
    }

    @ParameterizedTest
    @MethodSource("numericFields")
    void aNumberIsRefusedByItsNameOrKeptExactly(Field field) {
        if (changesNothing(field.operation())) {
            return;
        }
        for (String number : NUMBERS) {
            String what = field + " = " + number;
            ObjectNode body = sample(field.operation());
            if (!put(body, field.place(), number)) {
                continue;
            }
            Reply reply = send(field.operation(), body.toString());

            assertThat(reply.status()).as("%s: %s", what, reply.body()).isIn(200, 201, 400, 422);
            if (reply.status() >= 400) {
                assertThat(reply.param()).as("%s: %s", what, reply.body()).isNotEmpty();
            } else {
                assertThatItIsKept(what, number, at(reply.body(), field.place()));
            }
        }
    }

    private static void assertThatItIsKept(String what, String number, JsonNode kept) {
        BigDecimal said = new BigDecimal(number.replace("\"", ""));
        assertThat(said.signum()).as(what).isNotNegative();
        if (!kept.isMissingNode() && !kept.isNull()) {
            BigDecimal shown =
                    kept.isString() ? new BigDecimal(kept.stringValue()) : kept.decimalValue();
            assertThat(shown).as(what).isEqualByComparingTo(said);
        }
    }

    private ObjectNode sample(String operation) {
        return (ObjectNode)
                AdminJson.tree(
                        BODIES.getOrDefault(operation, "{\"name\":\"n-%d\"}").formatted(made++));
    }

    /** {@return whether that number can be said in JSON at all} */
    private static boolean put(ObjectNode body, List<String> place, String number) {
        JsonNode value;
        try {
            value = AdminJson.tree(number);
        } catch (JacksonException unsayable) {
            return false;
        }
        JsonNode parent = body;
        for (String step : place.subList(0, place.size() - 1)) {
            JsonNode child = parent.isArray() ? parent.path(0) : parent.path(step);
            parent = child.isMissingNode() ? ((ObjectNode) parent).putObject(step) : child;
        }
        if (parent instanceof ArrayNode array) {
            array.set(0, value);
        } else {
            ((ObjectNode) parent).set(place.getLast(), value);
        }
        return true;
    }

    private static JsonNode at(JsonNode body, List<String> place) {
        JsonNode found = body;
        for (String step : place) {
            found = found.isArray() ? found.path(0) : found.path(step);
        }
        return found;
    }

    private Reply send(String operation, String body) {
        String[] parts = operation.split(" ", 2);
        if (!parts[1].contains("{id}")) {
            return gateway.call(parts[0], parts[1], body);
        }
        String collection = parts[1].substring(0, parts[1].indexOf("/{id}"));
        Reply there = gateway.call("POST", collection, sample("POST " + collection).toString());
        assertThat(there.status()).as("%s", there.body()).isEqualTo(201);
        return gateway.call(parts[0], parts[1].replace("{id}", there.id()), body);
    }

    /** Finds where in the body of an operation numbers may stand. */
    private static final class NumericFields {
        private final OpenApi description;
        private final String operation;
        private final Map<List<String>, Boolean> found = new LinkedHashMap<>();

        NumericFields(OpenApi description, String operation) {
            this.description = description;
            this.operation = operation;
        }

        void addTo(List<Field> fields) {
            String[] parts = operation.split(" ", 2);
            walk(
                    description
                            .paths()
                            .path(parts[1])
                            .path(parts[0].toLowerCase(java.util.Locale.ROOT))
                            .path("requestBody")
                            .path("content")
                            .path("application/json")
                            .path("schema"),
                    List.of());
            found.keySet().forEach(place -> fields.add(new Field(operation, place)));
        }

        private void walk(JsonNode schema, List<String> place) {
            JsonNode resolved = description.resolved(schema);
            String types = resolved.path("type").toString();
            if (types.contains("integer") || types.contains("number")) {
                found.put(place, true);
            }
            for (String choice : List.of("oneOf", "anyOf", "allOf")) {
                resolved.path(choice).forEach(one -> walk(one, place));
            }
            resolved.path("properties")
                    .properties()
                    .forEach(field -> walk(field.getValue(), within(place, field.getKey())));
            if (resolved.has("items")) {
                walk(resolved.path("items"), within(place, "0"));
            }
        }

        private static List<String> within(List<String> place, String step) {
            List<String> longer = new ArrayList<>(place);
            longer.add(step);
            return longer;
        }
    }
}
