package dev.sluice.admin;

import dev.sluice.http.Headers;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A request that the contract has found to be in good form.
 *
 * @param actor who asks
 * @param pathParameters decoded
 * @param queryParameters decoded, of those that the contract names
 * @param body a missing node where there is none
 * @param isSecure whether it came by TLS
 */
public record AdminRequest(
        Actor actor,
        Map<String, String> pathParameters,
        Map<String, String> queryParameters,
        JsonNode body,
        Headers headers,
        boolean isSecure) {
    private static final int DEFAULT_PAGE_SIZE = 20;

    public AdminRequest {
        pathParameters = Map.copyOf(pathParameters);
        queryParameters = Map.copyOf(queryParameters);
    }

    /** A request of nobody: who asks is told by {@link #by}. */
    public AdminRequest(
            Map<String, String> pathParameters,
            Map<String, String> queryParameters,
            JsonNode body) {
        this(
                Actor.anonymous("unknown"),
                pathParameters,
                queryParameters,
                body,
                Headers.EMPTY,
                false);
    }

    /** {@return this request, asked by that one} */
    public AdminRequest by(Actor asking) {
        return new AdminRequest(asking, pathParameters, queryParameters, body, headers, isSecure);
    }

    /** {@return this request, which came with those header fields} */
    public AdminRequest with(Headers sent, boolean byTls) {
        return new AdminRequest(actor, pathParameters, queryParameters, body, sent, byTls);
    }

    /** {@return the id in the path} */
    public UUID id() {
        return UUID.fromString(path("id"));
    }

    /** {@return a part of the path, decoded} */
    public String path(String name) {
        String value = pathParameters.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no {" + name + "}");
        }
        return value;
    }

    public @Nullable String query(String name) {
        return queryParameters.get(name);
    }

    public @Nullable UUID queryId(String name) {
        String value = query(name);
        return value == null ? null : UUID.fromString(value);
    }

    public @Nullable Integer queryInteger(String name) {
        String value = query(name);
        return value == null ? null : Integer.valueOf(value);
    }

    /** {@return which page of a list is asked for} */
    public Paging paging() {
        Integer page = queryInteger("page");
        Integer size = queryInteger("page_size");
        return new Paging(page == null ? 1 : page, size == null ? DEFAULT_PAGE_SIZE : size);
    }

    /**
     * A page of a list.
     *
     * @param page from 1
     */
    public record Paging(int page, int size) {
        public long offset() {
            return (page - 1L) * size;
        }
    }
}
