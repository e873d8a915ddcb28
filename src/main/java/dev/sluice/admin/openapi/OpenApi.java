package dev.sluice.admin.openapi;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * The API's description, OpenAPI 3.1, one file a resource, joined to one document. The files refer
 * to each other as {@code file.yaml#/components/…}; in the whole these references lose their file.
 * Safe for use by many threads; what it returns is not to be changed.
 */
public final class OpenApi {
    /** The first holds what the others share. */
    static final List<String> FILES =
            List.of(
                    "openapi.yaml",
                    "keys.yaml",
                    "upstreams.yaml",
                    "limits.yaml",
                    "prices.yaml",
                    "organizations.yaml",
                    "users.yaml",
                    "sessions.yaml",
                    "audit.yaml",
                    "models.yaml",
                    "routing.yaml",
                    "translate.yaml",
                    "logs.yaml",
                    "data-plane.yaml",
                    "protocols.yaml",
                    "operation.yaml");

    private @Nullable ObjectNode joined;

    private OpenApi() {}

    /** {@return the description that was built into the program, read when it is first needed} */
    public static OpenApi bundled() {
        return new OpenApi();
    }

    private static ObjectNode join() {
        YAMLMapper yaml = new YAMLMapper();
        ObjectNode document = yaml.createObjectNode();
        for (String file : FILES) {
            merge(document, read(yaml, file));
        }
        withoutFiles(document);
        return document;
    }

    private synchronized ObjectNode whole() {
        ObjectNode document = joined;
        if (document == null) {
            document = join();
            joined = document;
        }
        return document;
    }

    private static ObjectNode read(YAMLMapper yaml, String file) {
        try (InputStream in = OpenApi.class.getResourceAsStream("/openapi/" + file)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without openapi/" + file);
            }
            return (ObjectNode) yaml.readTree(in);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /** Objects are merged; of anything else there must be one. */
    private static void merge(ObjectNode into, ObjectNode from) {
        for (Map.Entry<String, JsonNode> field : from.properties()) {
            JsonNode present = into.get(field.getKey());
            if (present == null) {
                into.set(field.getKey(), field.getValue());
            } else if (present instanceof ObjectNode object
                    && field.getValue() instanceof ObjectNode further) {
                merge(object, further);
            } else {
                throw new IllegalStateException(
                        "docs/openapi describes '" + field.getKey() + "' twice");
            }
        }
    }

    private static void withoutFiles(JsonNode node) {
        if (node instanceof ObjectNode object) {
            JsonNode reference = object.get("$ref");
            if (reference != null && reference.isString()) {
                String text = reference.stringValue();
                object.put("$ref", text.substring(text.indexOf('#')));
            }
        }
        if (node instanceof ObjectNode || node instanceof ArrayNode) {
            node.forEach(OpenApi::withoutFiles);
        }
    }

    /** {@return the whole description} */
    public ObjectNode document() {
        return whole().deepCopy();
    }

    /** {@return the document as JSON text} */
    public String json() {
        return whole().toString();
    }

    JsonNode paths() {
        return whole().path("paths");
    }

    JsonNode schemas() {
        return whole().path("components").path("schemas");
    }

    /** {@return the node, or what it refers to} */
    JsonNode resolved(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null ? node : whole().at(reference.stringValue().substring(1));
    }
}
