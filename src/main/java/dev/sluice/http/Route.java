package dev.sluice.http;

import java.util.Objects;

/**
 * One line of the route table.
 *
 * @param method an HTTP method, or {@code *} for any
 * @param template a path such as {@code /admin/keys/{id}}; a last segment {@code **} takes the rest
 *     of the path
 * @param rule who may use it
 */
public record Route(String method, String template, Rule rule, Handler handler) {

    /** There is no route that anybody may use because nobody thought of it. */
    public Route {
        Objects.requireNonNull(rule, () -> "no rule for " + method + " " + template);
    }
}
