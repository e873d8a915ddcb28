package dev.sluice.simulator.openai;

import dev.sluice.simulator.endpoint.ModelName;
import dev.sluice.simulator.endpoint.Refusal;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Fields of a request body, refused in OpenAI's words where they are wrong. */
public final class Fields {
    private Fields() {}

    public static ModelName model(JsonNode body) throws Refusal {
        JsonNode model = body.path("model");
        if (!model.isString() || model.stringValue().isEmpty()) {
            throw Refusal.invalid("you must provide a model parameter", "model");
        }
        return ModelName.of(model.stringValue());
    }

    public static Refusal missing(String param) {
        return new Refusal(
                400,
                "missing_required_parameter",
                "Missing required parameter: '" + param + "'.",
                param);
    }

    public static Refusal wrongType(String param, String expected) {
        return new Refusal(
                400,
                "invalid_type",
                "Invalid type for '%s': expected %s.".formatted(param, expected),
                param);
    }

    public static boolean flag(JsonNode body, String name) throws Refusal {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return false;
        }
        if (!value.isBoolean()) {
            throw wrongType(name, "a boolean");
        }
        return value.booleanValue();
    }

    /** {@return the number, 1 where there is none} */
    public static int count(JsonNode body, String name, int least, int most) throws Refusal {
        Integer value = limit(body, name, least);
        if (value != null && value > most) {
            throw outOfRange(name, "at most " + most);
        }
        return value == null ? 1 : value;
    }

    public static @Nullable Integer limit(JsonNode body, String name, int least) throws Refusal {
        JsonNode value = body.path(name);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToInt()) {
            throw wrongType(name, "an integer");
        }
        if (value.intValue() < least) {
            throw outOfRange(name, "at least " + least);
        }
        return value.intValue();
    }

    /** {@return the texts of a list, or the one text that stands in its place} */
    public static List<String> texts(JsonNode value) {
        if (value.isString()) {
            return List.of(value.stringValue());
        }
        List<String> texts = new ArrayList<>(value.size());
        for (JsonNode text : value) {
            if (text.isString()) {
                texts.add(text.stringValue());
            }
        }
        return texts;
    }

    private static Refusal outOfRange(String param, String expected) {
        return new Refusal(
                400,
                "integer_out_of_range",
                "Invalid '%s': expected %s.".formatted(param, expected),
                param);
    }
}
