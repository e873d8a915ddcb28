package dev.sluice.simulator.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

class SchemaSampleTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"type\":\"string\"} | \"sample value\"",
                "{\"enum\":[\"red\",\"blue\"]} | \"red\"",
                "{\"const\":7} | 7",
                "{\"type\":\"integer\",\"minimum\":3} | 3",
                "{\"type\":\"integer\",\"exclusiveMinimum\":3} | 4",
                "{\"type\":\"integer\",\"maximum\":-2} | -2",
                "{\"type\":\"number\"} | 0.5",
                "{\"type\":[\"null\",\"boolean\"]} | true",
                "{\"type\":\"STRING\",\"format\":\"date\"} | \"2026-01-01\"",
                "{\"type\":\"string\",\"maxLength\":3} | \"sam\"",
                "{\"type\":\"array\",\"items\":{\"type\":\"integer\"},\"minItems\":2} | [1,1]",
                "{\"properties\":{\"a\":{\"type\":\"integer\"}},\"required\":[\"a\",\"b\"]} | {\"a\":1,\"b\":\"sample b\"}",
                "{\"anyOf\":[{\"type\":\"null\"},{\"type\":\"integer\"}]} | 1",
                "{\"$ref\":\"#/$defs/x\",\"$defs\":{\"x\":{\"type\":\"integer\"}}} | 1",
                "{\"type\":\"object\"} | {}",
                "{} | \"sample value\""
            })
    void aSampleFollowsItsSchema(String schema, String sample) {
        ObjectNode node = Json.read(schema).orElseThrow();
        assertThat(Json.text(SchemaSample.of(node))).isEqualTo(sample);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "{\"$ref\":\"#\"}",
                "{\"type\":\"object\",\"properties\":{\"next\":{\"$ref\":\"#\"}}}",
                "{\"type\":\"array\",\"items\":{\"$ref\":\"#\"}}",
                "{\"anyOf\":[{\"$ref\":\"#\"}]}",
                "{\"$ref\":7}",
                "{\"type\":7,\"enum\":{},\"properties\":[],\"items\":null}"
            })
    void aSchemaThatGoesRoundInCirclesStillEnds(String schema) {
        ObjectNode node = Json.read(schema).orElseThrow();
        assertThat(Json.text(SchemaSample.of(node))).isNotEmpty();
    }
}
