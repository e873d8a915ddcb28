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

    /** {@return that page of what is all in memory, in its order} */
    public static <T> Listing<T> page(List<T> all, AdminRequest.Paging paging) {
        return new Listing<>(
                all.stream().skip(paging.offset()).limit(paging.size()).toList(),
                all.size(),
                paging);
    }

    /** {@return the same page of what becomes of its items} */
    public <R> Listing<R> map(Function<T, R> change) {
        return new Listing<>(items.stream().map(change).toList(), total, paging);
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
