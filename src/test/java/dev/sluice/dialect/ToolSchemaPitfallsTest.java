package dev.sluice.dialect;

import static dev.sluice.dialect.Crossing.ANTHROPIC;
import static dev.sluice.dialect.Crossing.CHAT;
import static dev.sluice.dialect.Crossing.GEMINI;
import static dev.sluice.dialect.Crossing.RESPONSES;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.trait.Trait;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import tools.jackson.databind.JsonNode;

/** Schemas of tools that gateways have got wrong (wire-contract §3). */
class ToolSchemaPitfallsTest {
    static final List<Dialect> OTHERS = List.of(RESPONSES, ANTHROPIC, GEMINI);

    private static String tool(String schema) {
        return "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":"
                + schema
                + "}}]}";
    }

    private static JsonNode schema(Dialect upstream, JsonNode sent) {
        return sent.at(
                switch (upstream.protocol()) {
                    case OPENAI_CHAT -> "/tools/0/function/parameters";
                    case OPENAI_RESPONSES -> "/tools/0/parameters";
                    case ANTHROPIC -> "/tools/0/input_schema";
                    case GEMINI -> "/tools/0/functionDeclarations/0/parametersJsonSchema";
                });
    }

    @Test
    void toolsAreStrictForAnthropicOnlyWhenAsked() throws Exception {
        String body = tool("{\"type\":\"object\",\"properties\":{}}");
        String asked = body.replace("\"name\":\"f\"", "\"name\":\"f\",\"strict\":true");
        String responses =
                "{\"model\":\"m\",\"input\":\"x\",\"tools\":[{\"type\":\"function\",\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}]}";

        assertThat(Crossing.from(CHAT, ANTHROPIC).sent(body).at("/tools/0").has("strict"))
                .isFalse();
        assertThat(Crossing.from(RESPONSES, ANTHROPIC).sent(responses).at("/tools/0").has("strict"))
                .isFalse();
        assertThat(Crossing.from(CHAT, ANTHROPIC).sent(asked).at("/tools/0/strict").asBoolean())
                .isTrue();
    }

    @Test
    void whatGeminiRefusesInASchemaIsTakenOutAtAnyDepth() throws Exception {
        String schema =
                """
                {"$schema":"http://json-schema.org/draft-07/schema#","type":"object","properties":{
                 "n":{"type":"integer","exclusiveMinimum":0},
                 "o":{"type":["object","null"],"$comment":"c","properties":{"s":{"type":"string","pattern":"^a"}}},
                 "r":{"$ref":"#/definitions/p","description":"d"}},
                 "definitions":{"p":{"type":"object","$schema":"y","properties":{"q":{"const":"k"}}}}}
                """;
        String newer = schema(GEMINI, Crossing.from(CHAT, GEMINI).sent(tool(schema))).toString();
        String older =
                Crossing.from(CHAT, GEMINI)
                        .with(Trait.FULL_JSON_SCHEMA, "false")
                        .sent(tool(schema))
                        .at("/tools/0/functionDeclarations/0/parameters")
                        .toString();

        assertThat(newer)
                .doesNotContain("$schema", "exclusiveMinimum", "$comment", "\"pattern\"", "const")
                .contains("\"minimum\":1", "\"$ref\":\"#/$defs/p\"}", "\"enum\":[\"k\"]");
        assertThat(older)
                .doesNotContain("$schema", "exclusiveMinimum", "$ref", "$defs", "[\"object\"")
                .contains("\"nullable\":true", "\"enum\":[\"k\"]");
    }

    @Test
    void enumerationsAreOfStringsForOlderGeminiAlone() throws Exception {
        String body =
                tool(
                        "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"enum\":[1,2]},\"s\":{\"type\":[\"string\",\"null\"],\"enum\":[\"a\",null]}}}");
        Crossing crossing = Crossing.from(CHAT, GEMINI);

        assertThat(
                        crossing.with(Trait.FULL_JSON_SCHEMA, "false")
                                .sent(body)
                                .at("/tools/0/functionDeclarations/0/parameters/properties")
                                .toString())
                .isEqualTo(
                        "{\"n\":{\"type\":\"string\",\"enum\":[\"1\",\"2\"]},\"s\":{\"type\":\"string\",\"nullable\":true,\"enum\":[\"a\"]}}");
        assertThat(schema(GEMINI, crossing.sent(body)).at("/properties/n/enum").toString())
                .isEqualTo("[1,2]");
    }

    @Test
    void aChoiceBetweenSomethingAndNullIsNullableForOlderGemini() throws Exception {
        String body =
                tool(
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"description\":\"d\",\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]}}}");

        assertThat(
                        Crossing.from(CHAT, GEMINI)
                                .with(Trait.FULL_JSON_SCHEMA, "false")
                                .sent(body)
                                .at("/tools/0/functionDeclarations/0/parameters/properties/a")
                                .toString())
                .contains("\"type\":\"string\"", "\"nullable\":true", "\"description\":\"d\"")
                .doesNotContain("anyOf");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"{}", "{\"type\":\"object\"}", "{\"type\":\"object\",\"properties\":{}}"})
    void aToolWithoutParametersHasAnObjectOfNone(String parameters) throws Exception {
        for (Dialect upstream : List.of(RESPONSES, ANTHROPIC)) {
            JsonNode sent = Crossing.from(CHAT, upstream).sent(tool(parameters));
            assertThat(schema(upstream, sent).toString())
                    .as("to %s", upstream.protocol())
                    .isEqualTo("{\"type\":\"object\",\"properties\":{}}");
        }
        assertThat(
                        Crossing.from(CHAT, GEMINI)
                                .sent(tool(parameters))
                                .at("/tools/0/functionDeclarations/0")
                                .toString())
                .isEqualTo("{\"name\":\"f\"}");
    }

    @ParameterizedTest
    @FieldSource("OTHERS")
    void aSchemaIsNeverTightened(Dialect upstream) throws Exception {
        String schema =
                "{\"type\":\"object\",\"properties\":{\"map\":{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}},\"any\":{\"type\":\"object\"}}}";
        JsonNode sent = schema(upstream, Crossing.from(CHAT, upstream).sent(tool(schema)));

        assertThat(sent.toString()).isEqualTo(schema);
    }
}
