package dev.sluice.dialect.anthropic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.dialect.anthropic.wire.AnthropicPlatform;
import dev.sluice.dialect.json.Json;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a body says at the clouds that serve Anthropic's models. */
class AnthropicPlatformTest {
    private static final String V = "\"anthropic_version\":\"vertex-2023-10-16\"";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'model':'m','a':1}                          | {V,'a':1}",
                "{'a':1,'model':'m'}                          | {'a':1,V}",
                "{ 'a' : 1 , 'model' : 'm' , 'b' : 2 }        | { 'a' : 1 , V , 'b' : 2 }",
                "{'model':'m'}                                | {V}",
                "{}                                           | {V}",
                "{'a':{'model':'m'}}                          | {V,'a':{'model':'m'}}",
                "{'anthropic_version':'x','a':1,'model':'m'}  | {V,'a':1}",
                "{'model':'m','anthropic_version':'x'}        | {V}",
                "{'model':'m','model':'n','a':1}              | {V,'a':1}",
                "{'model':'m','anthropic_beta':['b']}         | {V,'anthropic_beta':['b']}",
                "{'model':'m','a'                             | {'model':'m','a'",
                "nothing                                      | nothing",
            })
    void theVersionStandsInThePlaceOfTheModel(String body, String said) {
        assertThat(said(body, "")).isEqualTo(json(said));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'model':'m','a':1}                     | {V,'anthropic_beta':['b-1','b-2'],'a':1}",
                "{'anthropic_beta':['x'],'model':'m'}    | {V,'anthropic_beta':['b-1','b-2']}",
            })
    void betasOfTheHeaderStandInTheBody(String body, String said) {
        assertThat(said(body, "b-1, b-2,")).isEqualTo(json(said));
    }

    @Test
    void aCountNamesItsModel() {
        byte[] body = json("{'model':'m','messages':[]}").getBytes(UTF_8);
        assertThat(new String(AnthropicPlatform.VERTEX.counted(body), UTF_8))
                .isEqualTo(json("{V,'model':'m','messages':[]}"));
    }

    @Test
    void atAnthropicItselfNothingChanges() {
        byte[] body = json("{'model':'m'}").getBytes(UTF_8);
        assertThat(AnthropicPlatform.OWN.said(body, "b")).isSameAs(body);
        assertThat(AnthropicPlatform.OWN.counted(body)).isSameAs(body);
        assertThat(AnthropicPlatform.named("azure")).isEqualTo(AnthropicPlatform.OWN);
    }

    /** What stands in the body otherwise is the same, whatever it is and in whatever order. */
    @RepeatedTest(200)
    void whateverElseTheBodySaysStays(RepetitionInfo repetition) {
        long seed = repetition.getCurrentRepetition();
        Random random = new Random(seed);
        List<String> names = List.of("model", "anthropic_version", "anthropic_beta", "a", "b", "é");
        ObjectNode body = Json.mapper().createObjectNode();
        for (int i = random.nextInt(7); i > 0; i--) {
            body.put(names.get(random.nextInt(names.size())), random.nextInt());
        }
        byte[] bytes = body.toPrettyString().getBytes(UTF_8);

        JsonNode said = Json.tree(AnthropicPlatform.VERTEX.said(bytes, "b"));

        ObjectNode expected = body.deepCopy();
        expected.remove("model");
        expected.put("anthropic_version", "vertex-2023-10-16").putArray("anthropic_beta").add("b");
        assertThat(said).as("seed " + seed).isEqualTo(expected);
    }

    private static String said(String body, String betas) {
        return new String(AnthropicPlatform.VERTEX.said(json(body).getBytes(UTF_8), betas), UTF_8);
    }

    private static String json(String text) {
        return text.replace("V", V).replace('\'', '"');
    }
}
