package dev.sluice.proxy.translate;

import dev.sluice.catalog.Upstream;
import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Loss;
import dev.sluice.chat.Protocol;
import dev.sluice.chat.ReasoningOptions;
import dev.sluice.dialect.Dialects;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.route.Candidate;
import dev.sluice.proxy.route.ProtocolChoice;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Chooses among an upstream's protocols: the client's own, unless the model would refuse it there;
 * else the one that loses least.
 */
public final class LeastLoss implements ProtocolChoice {
    private final Dialects dialects;
    private final Translator translator;

    public LeastLoss(Dialects dialects, Translator translator) {
        this.dialects = dialects;
        this.translator = translator;
    }

    @Override
    public Optional<Chosen> choose(InboundRequest request, Upstream upstream, String model) {
        if (request.isTask()) {
            return upstream.speaks(request.protocol())
                    ? Optional.of(new Chosen(request.protocol(), 0))
                    : Optional.empty();
        }
        List<Protocol> spoken = upstream.protocols().stream().filter(dialects::speaks).toList();
        if (spoken.contains(request.protocol())
                && (spoken.size() == 1 || !isRefused(request, upstream, model))) {
            return Optional.of(new Chosen(request.protocol(), 0));
        }
        if (spoken.size() < 2) {
            return spoken.stream().findFirst().map(only -> new Chosen(only, 0));
        }
        return spoken.stream()
                .map(protocol -> new Chosen(protocol, weight(request, upstream, model, protocol)))
                .min(Comparator.comparingInt(Chosen::losses));
    }

    /** Later GPT models take function tools together with reasoning in Responses only. */
    private boolean isRefused(InboundRequest request, Upstream upstream, String model) {
        if (request.protocol() != Protocol.OPENAI_CHAT) {
            return false;
        }
        UpstreamTraits traits =
                translator.traits(new Candidate(upstream, model, Protocol.OPENAI_CHAT, "protocol"));
        return !traits.has(Trait.EFFORT_WITH_TOOLS) && reasonsWithTools(request);
    }

    private static boolean reasonsWithTools(InboundRequest request) {
        ChatRequest asked = request.canonical().request();
        ReasoningOptions reasoning = asked.reasoning();
        return asked.hasTools() && reasoning != null && !reasoning.isOff();
    }

    private int weight(InboundRequest request, Upstream upstream, String model, Protocol protocol) {
        Candidate candidate = new Candidate(upstream, model, protocol, "protocol");
        int weight = 0;
        for (Loss loss : translator.write(candidate, request, null).losses()) {
            weight +=
                    switch (loss.severity()) {
                        case SILENT -> 0;
                        case WEAKER -> 1;
                        case WRONG -> WRONG;
                    };
        }
        return weight;
    }
}
