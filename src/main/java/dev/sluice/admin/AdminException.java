package dev.sluice.admin;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request of the control plane that cannot be granted. The message is for the caller. */
public final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String code;
    private final @Nullable String param;
    private final transient List<FieldProblem> problems;

    /**
     * What is wrong with one field.
     *
     * @param type a stable word, such as {@code missing}
     * @param place {@code body}, {@code query} or {@code path}, then the way to the field: names
     *     and indexes
     */
    public record FieldProblem(String type, List<Object> place, String message) {
        public FieldProblem {
            place = List.copyOf(place);
        }

        /** {@return the way to the field in one word, such as {@code keys[0].key}} */
        public String path() {
            StringBuilder path = new StringBuilder();
            for (Object step : place.subList(1, place.size())) {
                if (step instanceof Integer index) {
                    path.append('[').append(index).append(']');
                } else {
                    path.append(path.isEmpty() ? "" : ".").append(step);
                }
            }
            return path.toString();
        }
    }

    private AdminException(
            int status,
            String code,
            String message,
            @Nullable String param,
            List<FieldProblem> problems) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.param = param;
        this.problems = List.copyOf(problems);
    }

    public AdminException(int status, String code, String message) {
        this(status, code, message, null, List.of());
    }

    public static AdminException notFound(String message) {
        return new AdminException(404, "not_found", message);
    }

    /** {@return 400 for a request that contradicts what is there} */
    public static AdminException invalidRequest(String message) {
        return new AdminException(400, "invalid_request", message);
    }

    public static AdminException invalidRequest(String message, String param) {
        return new AdminException(400, "invalid_request", message, param, List.of());
    }

    /** {@return 422 for a field of the body} */
    public static AdminException invalidField(String field, String type, String message) {
        return invalidFields(List.of(new FieldProblem(type, List.of("body", field), message)));
    }

    /**
     * @param problems at least one
     */
    public static AdminException invalidFields(List<FieldProblem> problems) {
        FieldProblem first = problems.getFirst();
        String field = first.path().isEmpty() ? "the " + first.place().getFirst() : first.path();
        return new AdminException(
                422,
                "validation_error",
                field + " " + first.message(),
                first.path().isEmpty() ? null : first.path(),
                problems);
    }

    public int status() {
        return status;
    }

    /** {@return a stable word for programs} */
    public String code() {
        return code;
    }

    public @Nullable String param() {
        return param;
    }

    /** {@return what is wrong with which fields; empty unless the status is 422} */
    public List<FieldProblem> problems() {
        return problems;
    }
}
