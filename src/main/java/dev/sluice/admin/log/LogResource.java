package dev.sluice.admin.log;

import dev.sluice.admin.AdminException;
import dev.sluice.admin.AdminException.FieldProblem;
import dev.sluice.admin.AdminGate;
import dev.sluice.admin.AdminJson;
import dev.sluice.admin.AdminRequest;
import dev.sluice.admin.AdminRule;
import dev.sluice.admin.Times;
import dev.sluice.http.Response;
import dev.sluice.http.Route;
import dev.sluice.store.Database;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code /admin/logs}. */
public final class LogResource {
    /** Beyond this, rows are neither counted nor paged to: a cursor goes all the way. */
    private static final int MAX_COUNTED = 100_000;

    private final Database database;

    public LogResource(Database database) {
        this.database = database;
    }

    public List<Route> routes(AdminGate gate) {
        return List.of(
                gate.route("GET", "/admin/logs", AdminRule.SIGNED_IN, this::search),
                gate.route("GET", "/admin/logs/{id}", AdminRule.SIGNED_IN, this::get));
    }

    Response search(AdminRequest request) {
        LogFilter filter = filter(request);
        String cursor = request.query("cursor");
        return cursor == null ? page(filter, request) : after(filter, cursor(cursor), request);
    }

    Response get(AdminRequest request) {
        LogRow row =
                database.read(handle -> handle.attach(RequestLogStore.class).find(request.id()))
                        .filter(found ->
                                request.actor().sees(found.organizationId(), found.userId()))
                        .orElseThrow(
                                () -> AdminException.notFound("Log not found: " + request.id()));
        return Response.json(200, LogView.whole(row, request.actor()).toString());
    }

    private Response page(LogFilter filter, AdminRequest request) {
        AdminRequest.Paging paging = request.paging();
        if (paging.offset() + paging.size() > MAX_COUNTED) {
            throw AdminException.invalidFields(
                    List.of(
                            new FieldProblem(
                                    "less_than_equal",
                                    List.of("query", "page"),
                                    "is too far back; go on with cursor")));
        }
        record Page(List<LogRow> rows, long total) {}
        Page page =
                database.read(handle -> {
                    LogSearch search = new LogSearch(filter).visibleTo(request.actor());
                    int offset = (int) paging.offset();
                    return new Page(
                            search.rows(handle, null, offset, paging.size() + 1),
                            search.count(handle, MAX_COUNTED));
                });
        ObjectNode body = body(page.rows(), request);
        body.put("total", page.total())
                .put("page", paging.page())
                .put("total_pages", Math.max(1, Math.ceilDiv(page.total(), (long) paging.size())));
        return Response.json(200, body.toString());
    }

    private Response after(LogFilter filter, LogCursor cursor, AdminRequest request) {
        int size = request.paging().size();
        List<LogRow> rows =
                database.read(handle ->
                        new LogSearch(filter)
                                .visibleTo(request.actor())
                                .rows(handle, cursor, 0, size + 1));
        ObjectNode body = body(rows, request);
        body.putNull("total").putNull("page").putNull("total_pages");
        return Response.json(200, body.toString());
    }

    /**
     * @param rows one more than are shown, if there are more
     */
    private static ObjectNode body(List<LogRow> rows, AdminRequest request) {
        int size = request.paging().size();
        ObjectNode body = AdminJson.object();
        ArrayNode items = body.putArray("items");
        rows.stream().limit(size).forEach(row -> items.add(LogView.brief(row, request.actor())));
        LogRow last = rows.size() > size ? rows.get(size - 1) : null;
        return body.put("page_size", size)
                .put(
                        "next_cursor",
                        last == null ? null : new LogCursor(last.startedAt(), last.id()).text());
    }

    private static LogFilter filter(AdminRequest request) {
        return new LogFilter(
                request.queryId("api_key_id"),
                request.queryId("upstream_id"),
                request.queryInteger("status_code"),
                request.query("model"),
                request.query("ending"),
                time(request, "start_time"),
                time(request, "end_time"));
    }

    private static @Nullable Instant time(AdminRequest request, String name) {
        String text = request.query(name);
        if (text == null || text.isBlank()) {
            return null;
        }
        return Times.parse(text)
                .orElseThrow(() ->
                        AdminException.invalidRequest(
                                "Invalid %s format: %s".formatted(name, text), name));
    }

    private static LogCursor cursor(String text) {
        return LogCursor.parse(text)
                .orElseThrow(() ->
                        AdminException.invalidRequest(
                                "Invalid cursor: use next_cursor of an earlier answer", "cursor"));
    }
}
