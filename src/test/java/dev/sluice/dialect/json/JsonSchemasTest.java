package dev.sluice.dialect.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class JsonSchemasTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                   | {"type":"object","properties":{}}
                    {"type":"object"}                                    | {"type":"object","properties":{}}
                    {"properties":{"a":{}}}                              | {"type":"object","properties":{"a":{}}}
                    {"anyOf":[{"type":"object"}]}                        | {"anyOf":[{"type":"object"}]}
                    {"type":"object","properties":{},"additionalProperties":true} | {"type":"object","properties":{},"additionalProperties":true}
                    """)
    void parametersAreAnObjectAtLeast(String schema, String expected) {
        assertThat(JsonSchemas.parameters(tree(schema))).isEqualTo(tree(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"$schema":"x","type":"string","pattern":"^a","description":"An a"} | {"type":"string","description":"An a (pattern: ^a)"}  | [pattern]
                    {"const":"x"}                                            | {"enum":["x"]}                                          | []
                    {"type":"integer","exclusiveMinimum":0,"exclusiveMaximum":9} | {"type":"integer","minimum":1,"maximum":8}          | []
                    {"type":"number","exclusiveMinimum":0}                   | {"type":"number","minimum":0}                           | []
                    {"$ref":"#/definitions/a","description":"x"}             | {"$ref":"#/$defs/a"}                                    | []
                    {"definitions":{"a":{"not":{}}}}                         | {"$defs":{"a":{}}}                                      | [not]
                    {"allOf":[{"properties":{"a":{}}},{"properties":{"b":{}},"required":["b"]}]} | {"properties":{"a":{},"b":{}},"required":["b"]} | []
                    {"allOf":[{"type":"string"},{"type":"number"}]}          | {"type":"string"}                                       | [allOf]
                    {"type":["string","null"],"additionalProperties":{"maxLength":3}} | {"type":["string","null"],"additionalProperties":{"description":"(maxLength: 3)"}} | [maxLength]
                    {"properties":{"pattern":{"type":"string"}}}             | {"properties":{"pattern":{"type":"string"}}}            | []
                    """)
    void whatGeminiDoesNotTakeIsTakenOutAndTold(String schema, String expected, String dropped) {
        JsonSchemas.Fitted fitted = JsonSchemas.forGemini(tree(schema));

        assertThat(tree(fitted.schema().toString())).isEqualTo(tree(expected));
        assertThat(fitted.dropped()).hasToString(dropped);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type":["string","null"]}                         | {"type":"string","nullable":true}
                    {"type":["string","integer"]}                      | {"anyOf":[{"type":"string"},{"type":"integer"}]}
                    {"anyOf":[{"type":"string"}],"description":"x"}    | {"anyOf":[{"type":"string"}]}
                    {"type":"integer","enum":[1,2]}                    | {"type":"string","enum":["1","2"]}
                    {"$defs":{"a":{"type":"string"}},"properties":{"x":{"$ref":"#/$defs/a"}}} | {"properties":{"x":{"type":"string"}}}
                    {"$defs":{"a":{"items":{"$ref":"#/$defs/a"}}},"$ref":"#/$defs/a"} | {"items":{"type":"object"}}
                    {"type":"string","format":"uri"}                   | {"type":"string","description":"(format: uri)"}
                    {"type":"object","additionalProperties":false}     | {"type":"object"}
                    """)
    void olderGeminiTakesTheOpenApiSubset(String schema, String expected) {
        assertThat(JsonSchemas.forOlderGemini(tree(schema)).schema()).isEqualTo(tree(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"type":"STRING","nullable":true}                  | {"type":["string","null"]}
                    {"type":"OBJECT","properties":{"type":{"type":"ARRAY","items":{"type":"INTEGER"},"minItems":"2"}},"propertyOrdering":["type"]} | {"type":"object","properties":{"type":{"type":"array","items":{"type":"integer"},"minItems":2}}}
                    {"type":"STRING","format":"enum","enum":["A","B"]} | {"type":"string","enum":["A","B"]}
                    {"anyOf":[{"type":"NUMBER"}]}                      | {"anyOf":[{"type":"number"}]}
                    """)
    void aGeminiSchemaBecomesJsonSchema(String schema, String expected) {
        JsonNode converted = JsonSchemas.fromGemini(tree(schema));

        assertThat(tree(converted.toString())).isEqualTo(tree(expected));
    }

    @Test
    void referencesThatMultiplyAreBounded() {
        StringBuilder defs = new StringBuilder("{\"$defs\":{\"d0\":{\"type\":\"string\"}");
        for (int i = 1; i <= 60; i++) {
            String ref = "{\"$ref\":\"#/$defs/d" + (i - 1) + "\"}";
            defs.append(",\"d%d\":{\"properties\":{\"a\":%s,\"b\":%s}}".formatted(i, ref, ref));
        }
        JsonNode schema = tree(defs + "},\"$ref\":\"#/$defs/d60\"}");

        assertThat(JsonSchemas.forOlderGemini(schema).dropped()).contains("$ref");
    }

    @Test
    void theClientsSchemaIsNeverChanged() {
        JsonNode schema = tree("{\"const\":1,\"properties\":{\"a\":{\"pattern\":\"x\"}}}");
        JsonNode copy = schema.deepCopy();

        JsonSchemas.forGemini(schema);
        JsonSchemas.forOlderGemini(schema);
        JsonSchemas.fromGemini(schema);
        ObjectNode parameters = JsonSchemas.parameters(schema);

        assertThat(schema).isEqualTo(copy);
        assertThat(JsonSchemas.isPlainObject(parameters)).isTrue();
        assertThat(JsonSchemas.isPlainObject((ObjectNode) tree("{\"oneOf\":[]}"))).isFalse();
    }

    private static JsonNode tree(String json) {
        return Json.tree(json.getBytes(StandardCharsets.UTF_8));
    }
}
