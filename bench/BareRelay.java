import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;

/**
 * The least that a relay on the same engine can do: one server and one client per event loop, the body passed on, the answer piped
 * back. What Sluice costs beyond it is what Sluice does. Usage: {@code BareRelay <port> <upstream port>}.
 */
public final class BareRelay extends AbstractVerticle {
    private static int port;
    private static int upstreamPort;
    private HttpClient client;

    public static void main(String[] args) {
        port = Integer.parseInt(args[0]);
        upstreamPort = Integer.parseInt(args[1]);
        Vertx vertx = Vertx.vertx();
        int loops = Runtime.getRuntime().availableProcessors();
        vertx.deployVerticle(BareRelay.class, new DeploymentOptions().setInstances(loops))
                .onSuccess(_ -> System.out.println("relaying on " + port))
                .onFailure(Throwable::printStackTrace);
    }

    @Override
    public void start() {
        client =
                vertx.createHttpClient(
                        new HttpClientOptions().setTcpNoDelay(true),
                        new PoolOptions().setHttp1MaxSize(20_000));
        vertx.createHttpServer(new HttpServerOptions().setTcpNoDelay(true).setAcceptBacklog(4096))
                .requestHandler(this::relay)
                .listen(port);
    }

    private void relay(HttpServerRequest request) {
        request.body()
                .onSuccess(
                        body ->
                                client.request(
                                                new RequestOptions()
                                                        .setMethod(HttpMethod.POST)
                                                        .setHost("127.0.0.1")
                                                        .setPort(upstreamPort)
                                                        .setURI(request.uri()))
                                        .compose(
                                                out ->
                                                        out.putHeader(
                                                                        "content-type",
                                                                        "application/json")
                                                                .send(body))
                                        .onSuccess(
                                                answer -> {
                                                    var response = request.response();
                                                    response.setStatusCode(answer.statusCode());
                                                    String length =
                                                            answer.getHeader("content-length");
                                                    if (length == null) {
                                                        response.setChunked(true);
                                                    } else {
                                                        response.putHeader(
                                                                "content-length", length);
                                                    }
                                                    response.putHeader(
                                                            "content-type",
                                                            answer.getHeader("content-type"));
                                                    answer.pipeTo(response);
                                                })
                                        .onFailure(_ -> request.response().reset()));
    }
}
