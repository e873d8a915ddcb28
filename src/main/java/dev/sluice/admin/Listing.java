package dev.sluice.admin;

import dev.sluice.http.Response;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A page of a list.
 *
 * @param total how many items there are on all pages
 */
public record Listing<T>(List<T> items, long total, AdminRequest.Paging paging) {
    public Listing {
        items = List.copyOf(items);
    }

    /** {@return how many pages there are; an empty list has one} */
    public long totalPages() {
        return Math.max(1, Math.ceilDiv(total, (long) paging.size()));
    }

    public Response response(Function<T, JsonNode> view) {
        ObjectNode body = AdminJson.object();
        ArrayNode shown = body.putArray("items");
        items.forEach(item -> shown.add(view.apply(item)));
        body.put("total", total)
                .put("page", paging.page())
                .put("page_size", paging.size())
                .put("total_pages", totalPages());
        return Response.json(200, body.toString());
    }
}
