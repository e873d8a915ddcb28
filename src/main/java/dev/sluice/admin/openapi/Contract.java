package dev.sluice.admin.openapi;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminException.FieldProblem;
import dev.sluice.admin.AdminRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Holds requests to the description. An operation's schemas are prepared when it is first used. */
public final class Contract {
    private static final Set<String> METHODS =
            Set.of("get", "put", "post", "delete", "patch", "head", "options");

    private final OpenApi description;
    private final Map<String, OperationContract> operations = new ConcurrentHashMap<>();

    public Contract(OpenApi description) {
        this.description = description;
    }

    /**
     * One operation's schemas.
     *
     * @param body null where none is taken
     */
    private record OperationContract(
            SchemaCheck path,
            SchemaCheck query,
            ObjectNode queryProperties,
            @Nullable SchemaCheck body,
            boolean bodyRequired) {}

    /** {@return all operations, as {@code GET /admin/keys}} */
    public Set<String> operations() {
        Set<String> all = new TreeSet<>();
        description
                .paths()
                .properties()
                .forEach(path ->
                        path.getValue().propertyNames().stream()
                                .filter(METHODS::contains)
                                .forEach(method ->
                                        all.add(
                                                method.toUpperCase(Locale.ROOT)
                                                        + " "
                                                        + path.getKey())));
        return all;
    }

    /**
     * Reads the description and prepares all operations below a path, so that the first request
     * does not wait for it. Takes about a second of a cold processor: for after the start.
     */
    public void prepare(String pathPrefix) {
        for (String operation : operations()) {
            String[] parts = operation.split(" ", 2);
            if (parts[1].startsWith(pathPrefix)) {
                operation(parts[0], parts[1]);
            }
        }
    }

    /**
     * {@return the request, found in good form}
     *
     * @param queryParameter gives a parameter's first value, or null
     * @throws AdminException 422, naming everything that does not fit
     */
    public AdminRequest check(
            String method,
            String template,
            Map<String, String> pathParameters,
            Function<String, @Nullable String> queryParameter,
            JsonNode body) {
        OperationContract operation = operation(method, template);
        ObjectNode path = JsonNodeFactory.instance.objectNode();
        pathParameters.forEach(path::put);
        ObjectNode query = JsonNodeFactory.instance.objectNode();
        Map<String, String> queryParameters = new HashMap<>();
        for (Map.Entry<String, JsonNode> parameter : operation.queryProperties().properties()) {
            String value = queryParameter.apply(parameter.getKey());
            if (value != null) {
                queryParameters.put(parameter.getKey(), value);
                query.set(parameter.getKey(), typed(value, parameter.getValue()));
            }
        }
        List<FieldProblem> problems = new ArrayList<>(operation.path().problems("path", path));
        problems.addAll(operation.query().problems("query", query));
        problems.addAll(bodyProblems(operation, body));
        if (!problems.isEmpty()) {
            throw AdminException.invalidFields(problems);
        }
        return new AdminRequest(pathParameters, queryParameters, body);
    }

    private static List<FieldProblem> bodyProblems(OperationContract operation, JsonNode body) {
        if (operation.body() == null) {
            return List.of();
        }
        if (!body.isMissingNode()) {
            return operation.body().problems("body", body);
        }
        return operation.bodyRequired()
                ? List.of(
                        new FieldProblem(
                                "missing",
                                List.of("body"),
                                "is missing; a JSON object is expected"))
                : List.of();
    }

    /**
     * {@return one problem for each field of a value that does not fit}
     *
     * @param schema a name below {@code components/schemas}
     */
    public List<FieldProblem> problems(String schema, JsonNode value) {
        ObjectNode found = (ObjectNode) description.schemas().path(schema);
        return new SchemaCheck(found, description.schemas()).problems("body", value);
    }

    /** A parameter is text; where a number is described, one that reads as a number is one. */
    private static JsonNode typed(String value, JsonNode schema) {
        if (schema.path("type").asString("").equals("integer") && value.matches("[+-]?\\d{1,9}")) {
            return JsonNodeFactory.instance.numberNode(Integer.parseInt(value));
        }
        return JsonNodeFactory.instance.stringNode(value);
    }

    private OperationContract operation(String method, String template) {
        return operations.computeIfAbsent(
                method + " " + template, _ -> prepare(method.toLowerCase(Locale.ROOT), template));
    }

    private OperationContract prepare(String method, String template) {
        JsonNode path = description.paths().path(template);
        JsonNode operation = operationNode(method, template);
        List<JsonNode> parameters = new ArrayList<>();
        path.path("parameters").forEach(node -> parameters.add(description.resolved(node)));
        operation.path("parameters").forEach(node -> parameters.add(description.resolved(node)));
        ObjectNode pathSchema = parameterSchema(parameters, "path");
        ObjectNode querySchema = parameterSchema(parameters, "query");
        JsonNode body = operation.path("requestBody");
        JsonNode bodySchema = body.path("content").path("application/json").path("schema");
        return new OperationContract(
                new SchemaCheck(pathSchema, description.schemas()),
                new SchemaCheck(querySchema, description.schemas()),
                (ObjectNode) querySchema.path("properties"),
                bodySchema instanceof ObjectNode schema
                        ? new SchemaCheck(schema, description.schemas())
                        : null,
                body.path("required").asBoolean(false));
    }

    private JsonNode operationNode(String method, String template) {
        JsonNode operation = description.paths().path(template).path(method);
        if (operation.isMissingNode()) {
            throw new IllegalStateException(
                    "docs/openapi does not describe " + method + " " + template);
        }
        return operation;
    }

    private static ObjectNode parameterSchema(List<JsonNode> parameters, String in) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
        ObjectNode properties = schema.putObject("properties");
        for (JsonNode parameter : parameters) {
            if (parameter.path("in").asString("").equals(in)) {
                properties.set(parameter.path("name").asString(""), parameter.path("schema"));
            }
        }
        return schema;
    }

    /** {@return no body} */
    public static JsonNode nothing() {
        return MissingNode.getInstance();
    }
}
