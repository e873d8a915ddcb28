package dev.sluice;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An upstream of which each key belongs to another account: it speaks Responses, and knows a stored
 * answer only by the key that it was made with.
 */
final class AccountsUpstream implements AutoCloseable {
    private final HttpServer server;
    private final Map<String, String> keepers = new ConcurrentHashMap<>();
    private final List<String> callers = new CopyOnWriteArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private volatile String limited = "";

    AccountsUpstream() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    private void answer(HttpExchange exchange) throws IOException {
        String caller = exchange.getRequestHeaders().getFirst("authorization");
        callers.add(caller.substring("Bearer ".length()));
        byte[] body = exchange.getRequestBody().readAllBytes();
        if (caller.endsWith(limited) && !limited.isEmpty()) {
            say(exchange, 429, error("rate_limit_exceeded"), "application/json");
        } else if (exchange.getRequestMethod().equals("POST")) {
            make(exchange, caller, JsonMapper.shared().readTree(body));
        } else {
            String path = exchange.getRequestURI().getPath();
            String id = path.substring(path.lastIndexOf('/') + 1);
            boolean isOwn = caller.equals(keepers.get(id));
            say(
                    exchange,
                    isOwn ? 200 : 404,
                    isOwn ? response(id) : error("not_found"),
                    "application/json");
        }
    }

    private void make(HttpExchange exchange, String caller, JsonNode asked) throws IOException {
        String before = asked.path("previous_response_id").asString("");
        if (!before.isEmpty() && !caller.equals(keepers.get(before))) {
            say(exchange, 400, error("previous_response_not_found"), "application/json");
            return;
        }
        String id = "resp_" + server.getAddress().getPort() + "_" + ids.incrementAndGet();
        keepers.put(id, caller);
        if (asked.path("stream").asBoolean(false)) {
            say(exchange, 200, event("created", id) + event("completed", id), "text/event-stream");
        } else {
            say(exchange, 200, response(id), "application/json");
        }
    }

    private static String event(String what, String id) {
        return "event: response.%1$s\ndata: {\"type\":\"response.%1$s\",\"sequence_number\":0,\"response\":%2$s}\n\n"
                .formatted(what, response(id));
    }

    private static String response(String id) {
        return "{\"id\":\"%s\",\"object\":\"response\",\"status\":\"completed\",\"model\":\"m\",\"store\":true,\"output\":[{\"type\":\"message\",\"id\":\"msg_%s\",\"role\":\"assistant\",\"status\":\"completed\",\"content\":[{\"type\":\"output_text\",\"text\":\"Hi\",\"annotations\":[]}]}],\"usage\":{\"input_tokens\":1,\"output_tokens\":1,\"total_tokens\":2}}"
                .formatted(id, id);
    }

    private static String error(String code) {
        return "{\"error\":{\"message\":\"%1$s\",\"type\":\"invalid_request_error\",\"code\":\"%1$s\"}}"
                .formatted(code);
    }

    private static void say(HttpExchange exchange, int status, String text, String type)
            throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("content-type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    /** From now on that key's account has reached its limit. */
    void limit(String key) {
        limited = key;
    }

    /** {@return the keys that were used, in turn} */
    List<String> callers() {
        return List.copyOf(callers);
    }

    void forgetCallers() {
        callers.clear();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
