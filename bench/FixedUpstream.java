import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * An upstream that costs as little as possible: fixed bytes in OpenAI's shape. The model decides: {@code plain} a 1 KB answer, {@code
 * burst} fifty events back to back, {@code paced-<n>x<ms>} n events so many milliseconds apart. Usage: {@code FixedUpstream <port>}.
 */
public final class FixedUpstream extends AbstractVerticle {
    private static int port;
    private static final Buffer PLAIN = plain();
    private static final Buffer EVENT = event("a word or two ");
    private static final Buffer END =
            Buffer.buffer(
                    "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                            + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
                            + "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                            + "\"choices\":[],\"usage\":{\"prompt_tokens\":500,\"completion_tokens\":50,\"total_tokens\":550}}\n\n"
                            + "data: [DONE]\n\n");

    public static void main(String[] args) {
        port = Integer.parseInt(args[0]);
        Vertx.vertx()
                .deployVerticle(
                        FixedUpstream.class,
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .onSuccess(_ -> System.out.println("answering on " + port))
                .onFailure(Throwable::printStackTrace);
    }

    @Override
    public void start() {
        vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true).setAcceptBacklog(4096))
                .requestHandler(request -> request.body().onSuccess(body -> answer(request, body)))
                .listen(port);
    }

    private void answer(HttpServerRequest request, Buffer body) {
        String text = body.toString();
        int at = text.indexOf("\"model\":\"") + 9;
        String model = at < 9 ? "plain" : text.substring(at, text.indexOf('"', at));
        HttpServerResponse response = request.response();
        if (model.equals("plain")) {
            response.putHeader("content-type", "application/json").end(PLAIN);
            return;
        }
        response.setChunked(true).putHeader("content-type", "text/event-stream");
        if (model.equals("burst")) {
            for (int i = 0; i < 50; i++) {
                response.write(EVENT);
            }
            response.end(END);
            return;
        }
        String[] pace = model.substring("paced-".length()).split("x");
        next(response, Integer.parseInt(pace[0]), Long.parseLong(pace[1]));
    }

    private void next(HttpServerResponse response, int left, long millis) {
        if (response.closed()) {
            return;
        }
        if (left == 0) {
            response.end(END);
            return;
        }
        response.write(EVENT);
        vertx.setTimer(millis, _ -> next(response, left - 1, millis));
    }

    private static Buffer event(String content) {
        return Buffer.buffer(
                "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                        + "\"system_fingerprint\":\"fp_0\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                        + content
                        + "\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
    }

    private static Buffer plain() {
        return Buffer.buffer(
                "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\""
                        + "word ".repeat(150)
                        + "\"},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":500,"
                        + "\"completion_tokens\":150,\"total_tokens\":650}}");
    }
}
