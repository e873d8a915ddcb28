package dev.sluice;

import dev.sluice.catalog.Catalogs;
import dev.sluice.configuration.Settings;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.gemini.wire.GeminiPaths;
import dev.sluice.dialect.loose.LooseForms;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import dev.sluice.dialect.openai.tasks.Task;
import dev.sluice.dialect.openai.tasks.TaskDialect;
import dev.sluice.dialect.trait.ModelTraits;
import dev.sluice.http.Exchange;
import dev.sluice.http.Route;
import dev.sluice.http.client.OutboundClient;
import dev.sluice.proxy.ChatProxy;
import dev.sluice.proxy.ContextPage;
import dev.sluice.proxy.ErrorRenderer;
import dev.sluice.proxy.PassthroughProxy;
import dev.sluice.proxy.RawPaths;
import dev.sluice.proxy.RawReferences;
import dev.sluice.proxy.RequestReader;
import dev.sluice.proxy.SimpleChat;
import dev.sluice.proxy.admit.Admission;
import dev.sluice.proxy.authenticate.Access;
import dev.sluice.proxy.authenticate.Authenticator;
import dev.sluice.proxy.call.Calls;
import dev.sluice.proxy.count.TokenCountProxy;
import dev.sluice.proxy.discover.HealthChecks;
import dev.sluice.proxy.discover.ModelDiscovery;
import dev.sluice.proxy.dispatch.Dispatcher;
import dev.sluice.proxy.dispatch.attempt.Attempt;
import dev.sluice.proxy.dispatch.attempt.OutgoingRequests;
import dev.sluice.proxy.dispatch.attempt.UpstreamClient;
import dev.sluice.proxy.dispatch.visit.Visits;
import dev.sluice.proxy.endpoint.EndpointProxy;
import dev.sluice.proxy.listing.ModelList;
import dev.sluice.proxy.relay.Relay;
import dev.sluice.proxy.route.Router;
import dev.sluice.proxy.state.KeptAnswers;
import dev.sluice.proxy.state.KeptReferences;
import dev.sluice.proxy.tokens.TokenEstimator;
import dev.sluice.proxy.tokens.Tokenizer;
import dev.sluice.proxy.transcript.Transcripts;
import dev.sluice.proxy.translate.LeastLoss;
import dev.sluice.proxy.translate.Rehearsal;
import dev.sluice.proxy.translate.Translator;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The data plane, put together in the order in which a request meets it. */
final class DataPlane {
    private final String prefix;
    private final Dialect chat = new OpenAiChatDialect();
    private final Dialect anthropic = new AnthropicDialect();
    private final Dialect responses = new OpenAiResponsesDialect();
    private final Dialect gemini = new GeminiDialect();
    private final ErrorRenderer errors;
    private final ChatProxy chatProxy;
    private final EndpointProxy endpoints;
    private final TokenCountProxy counts;
    private final PassthroughProxy passthrough;
    private final SimpleChat simpleChat;
    private final ModelList models;
    private final ModelDiscovery discovery;
    private final HealthChecks healthChecks;
    private final Router router;
    private final ContextPage context;
    private final Rehearsal rehearsal;

    DataPlane(
            Settings settings,
            Catalogs catalogs,
            Routing routing,
            Authenticator authenticator,
            Admission admission,
            Calls calls,
            Outward outward,
            KeptReferences references,
            Clock clock) {
        this.prefix = settings.server().proxyPrefix();
        Dialects dialects = new Dialects(List.of(chat, responses, anthropic, gemini));
        this.errors =
                new ErrorRenderer(
                        Map.of(
                                "/v1/", chat,
                                "/v1/responses", responses,
                                "/v1/messages", anthropic,
                                "/v1beta/", gemini),
                        List.of("/admin", prefix + "/"));
        OutboundClient client = outward.client();
        UpstreamClient upstreams =
                new UpstreamClient(
                        outward.reach(), outward.tokens(), settings.upstreams().disguise());
        Translator translator = new Translator(dialects, ModelTraits.shipped());
        this.router = routing.router(new LeastLoss(dialects, translator), references);
        this.rehearsal = new Rehearsal(dialects, translator, router);
        Transcripts transcripts =
                new Transcripts(
                        settings.sessions().keepContext()
                                ? Transcripts.Bounds.STANDARD
                                : Transcripts.Bounds.NOTHING,
                        System::nanoTime);
        this.context = new ContextPage(authenticator, transcripts);
        Visits visits = new Visits(routing.targets());
        Dispatcher dispatcher =
                new Dispatcher(
                        new Dispatcher.Means(
                                client,
                                new OutgoingRequests(upstreams, translator, clock),
                                visits,
                                new Attempt.Limits(
                                        settings.streams().commitAfter(),
                                        settings.upstreams().deadline(),
                                        settings.server().workerBodyBytes()),
                                clock),
                        routing.memory(),
                        transcripts);
        RequestReader reader =
                new RequestReader(
                        new LooseForms(dialects),
                        new KeptAnswers(KeptAnswers.STANDARD_BYTES, System::nanoTime),
                        settings.server().workerBodyBytes());
        TokenEstimator estimator = new TokenEstimator(new Tokenizer(Thread::startVirtualThread));
        Relay relay = new Relay(settings.streams().pingInterval(), references, estimator);
        this.chatProxy =
                new ChatProxy(authenticator, reader, router, admission, dispatcher, relay, calls);
        this.endpoints =
                new EndpointProxy(
                        authenticator, router, admission, dispatcher, relay, calls, chatProxy);
        PassthroughProxy.Means means =
                new PassthroughProxy.Means(client, upstreams, visits, estimator);
        this.counts =
                new TokenCountProxy(
                        authenticator, reader, router, admission, means, translator, calls);
        this.passthrough =
                new PassthroughProxy(
                        authenticator,
                        router,
                        admission,
                        means,
                        calls,
                        new RawPaths(dialects),
                        new RawReferences(
                                dialects, references, settings.server().workerBodyBytes()));
        this.simpleChat =
                new SimpleChat(
                        authenticator, router, admission, dispatcher, calls, chat, errors::render);
        this.models = new ModelList(authenticator, router);
        this.discovery =
                new ModelDiscovery(
                        catalogs, client, upstreams, routing.discovered(), routing.targets());
        this.healthChecks = new HealthChecks(catalogs, client, upstreams, routing.targets(), clock);
    }

    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        for (Task task : Task.values()) {
            TaskDialect dialect = new TaskDialect(task);
            routes.add(
                    new Route(
                            "POST",
                            "/v1/" + task.path(),
                            Access.WRITE,
                            endpoints.serving(dialect)));
        }
        routes.addAll(chatRoutes());
        return List.copyOf(routes);
    }

    private List<Route> chatRoutes() {
        return List.of(
                new Route("POST", "/v1/chat/completions", Access.WRITE, chatProxy.speaking(chat)),
                new Route("POST", "/v1/responses", Access.WRITE, chatProxy.speaking(responses)),
                new Route("POST", "/v1/messages", Access.WRITE, chatProxy.speaking(anthropic)),
                new Route(
                        "POST",
                        "/v1/responses/input_tokens",
                        Access.WRITE,
                        counts.counting(responses)),
                new Route("GET", "/v1/responses/{id}", Access.WRITE, passthrough::stored),
                new Route("DELETE", "/v1/responses/{id}", Access.WRITE, passthrough::stored),
                new Route("POST", "/v1/responses/{id}/cancel", Access.WRITE, passthrough::stored),
                new Route(
                        "GET", "/v1/responses/{id}/input_items", Access.WRITE, passthrough::stored),
                new Route(
                        "POST",
                        "/v1/messages/count_tokens",
                        Access.WRITE,
                        counts.counting(anthropic)),
                new Route("POST", "/v1beta/models/**", Access.WRITE, this::gemini),
                new Route("GET", "/v1beta/models", Access.READ, models::geminiList),
                new Route("GET", "/v1beta/models/**", Access.READ, models::geminiOne),
                new Route("POST", "/chat", Access.WRITE, simpleChat::handle),
                new Route("GET", "/v1/models", Access.READ, models::list),
                new Route("GET", "/v1/models/**", Access.READ, models::one),
                new Route("GET", "/models", Access.READ, models::list),
                new Route("GET", "/context/{session}", Access.READ, context::show),
                new Route("GET", prefix + "/v1/upstreams", Access.READ, models::upstreams),
                new Route("*", prefix + "/v1/**", Access.PROXY, passthrough::raw));
    }

    /** Gemini's methods stand at the end of the path. */
    private void gemini(Exchange exchange) {
        boolean counting =
                GeminiPaths.read(exchange.path(), exchange.query())
                        .map(call -> call.method() == GeminiPaths.Method.COUNT)
                        .orElse(false);
        (counting ? counts.counting(gemini) : chatProxy.speaking(gemini)).handle(exchange);
    }

    ErrorRenderer errors() {
        return errors;
    }

    ModelDiscovery discovery() {
        return discovery;
    }

    HealthChecks healthChecks() {
        return healthChecks;
    }

    Rehearsal rehearsal() {
        return rehearsal;
    }

    Router router() {
        return router;
    }
}
