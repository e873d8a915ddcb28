package dev.sluice.admin.logicalmodel;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminException.FieldProblem;
import dev.sluice.admin.openapi.Contract;
import dev.sluice.catalog.DeclaredModel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * Reads the logical models that the settings declare: the very bodies that {@code POST
 * /admin/models} takes, held to the same contract.
 */
public final class DeclaredModels {
    private DeclaredModels() {}

    /**
     * {@return the models in their order}
     *
     * @param list an array
     * @throws AdminException naming the first field that does not fit, such as {@code
     *     [1].targets[0].weight}
     */
    public static List<DeclaredModel> read(JsonNode list, Contract contract) {
        Map<String, DeclaredModel> models = new LinkedHashMap<>();
        for (JsonNode body : list) {
            int position = models.size();
            try {
                List<FieldProblem> problems = contract.problems("LogicalModelCreate", body);
                if (!problems.isEmpty()) {
                    throw AdminException.invalidFields(problems);
                }
                String id = body.path("id").stringValue();
                if (models.put(id, new LogicalModelBody(body).declared(id)) != null) {
                    throw AdminException.invalidField(
                            "id", "value_error", "is '" + id + "' twice, and may be so once");
                }
            } catch (AdminException wrong) {
                throw AdminException.invalidFields(at(position, wrong.problems()));
            }
        }
        return List.copyOf(models.values());
    }

    private static List<FieldProblem> at(int position, List<FieldProblem> problems) {
        return problems.stream()
                .map(problem -> {
                    List<Object> place = new ArrayList<>(problem.place());
                    place.add(1, position);
                    return new FieldProblem(problem.type(), place, problem.message());
                })
                .toList();
    }
}
