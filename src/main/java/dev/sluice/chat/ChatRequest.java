package dev.sluice.chat;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks, whatever protocol it speaks (wire-contract §2.3). What the client did not say
 * is null or empty and is not sent: defaults are the provider's.
 *
 * @param origin the protocol it was said in; names of parameters in losses are that protocol's
 * @param model null where the client leaves it to the gateway
 * @param streamUsage whether the client itself asked for usage at the stream's end; true in the
 *     protocols that always send it
 * @param parallelToolCalls false allows one call at a time
 * @param extras what the canonical form does not model, by path from the body's root
 */
public record ChatRequest(
        Protocol origin,
        @Nullable String model,
        boolean stream,
        boolean streamUsage,
        List<Message> messages,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelToolCalls,
        @Nullable OutputFormat outputFormat,
        @Nullable String verbosity,
        @Nullable ReasoningOptions reasoning,
        Sampling sampling,
        Limits limits,
        Service service,
        Extras extras) {

    /**
     * @param maxOutputTokens reasoning included
     * @param stop texts that end the answer
     * @param choices how many answers, at least 1
     */
    public record Limits(@Nullable Long maxOutputTokens, List<String> stop, int choices) {
        public static final Limits NONE = new Limits(null, List.of(), 1);

        public Limits {
            stop = List.copyOf(stop);
        }
    }

    /**
     * What concerns the provider's service rather than the answer.
     *
     * @param endUser who the client's own user is, as an opaque id
     * @param tier {@code auto}, {@code default}, {@code flex}, {@code priority} or the protocol's
     *     own other word; {@code standard_only} and {@code standard} are read as {@code default}
     * @param cacheKey keeps requests with one prefix together
     */
    public record Service(
            @Nullable String endUser,
            Map<String, String> metadata,
            @Nullable String tier,
            @Nullable Boolean store,
            @Nullable String cacheKey) {
        public static final Service NONE = new Service(null, Map.of(), null, null, null);

        public Service {
            metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
        }
    }

    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    public static Builder builder(Protocol origin) {
        return new Builder(origin);
    }

    /** {@return this request with other messages} */
    public ChatRequest with(List<Message> others) {
        return new ChatRequest(
                origin,
                model,
                stream,
                streamUsage,
                others,
                tools,
                toolChoice,
                parallelToolCalls,
                outputFormat,
                verbosity,
                reasoning,
                sampling,
                limits,
                service,
                extras);
    }

    /** {@return this request with that limit of output, reasoning included} */
    public ChatRequest limitedTo(long maxOutputTokens) {
        return new ChatRequest(
                origin,
                model,
                stream,
                streamUsage,
                messages,
                tools,
                toolChoice,
                parallelToolCalls,
                outputFormat,
                verbosity,
                reasoning,
                sampling,
                new Limits(maxOutputTokens, limits.stop(), limits.choices()),
                service,
                extras);
    }

    /** {@return whether the model may call a function or custom tool} */
    public boolean hasTools() {
        return !tools.isEmpty();
    }

    /** Collects a request field by field; for readers. */
    public static final class Builder {
        private final Protocol origin;
        private @Nullable String model;
        private boolean stream;
        private boolean streamUsage;
        private List<Message> messages = List.of();
        private List<Tool> tools = List.of();
        private @Nullable ToolChoice toolChoice;
        private @Nullable Boolean parallelToolCalls;
        private @Nullable OutputFormat outputFormat;
        private @Nullable String verbosity;
        private @Nullable ReasoningOptions reasoning;
        private Sampling sampling = Sampling.NONE;
        private Limits limits = Limits.NONE;
        private Service service = Service.NONE;
        private Extras extras = Extras.NONE;

        private Builder(Protocol origin) {
            this.origin = origin;
        }

        public Builder model(@Nullable String value) {
            model = value;
            return this;
        }

        public Builder stream(boolean value, boolean withUsage) {
            stream = value;
            streamUsage = withUsage;
            return this;
        }

        public Builder messages(List<Message> value) {
            messages = value;
            return this;
        }

        public Builder tools(List<Tool> value) {
            tools = value;
            return this;
        }

        public Builder toolChoice(@Nullable ToolChoice value) {
            toolChoice = value;
            return this;
        }

        public Builder parallelToolCalls(@Nullable Boolean value) {
            parallelToolCalls = value;
            return this;
        }

        public Builder outputFormat(@Nullable OutputFormat value) {
            outputFormat = value;
            return this;
        }

        public Builder verbosity(@Nullable String value) {
            verbosity = value;
            return this;
        }

        public Builder reasoning(@Nullable ReasoningOptions value) {
            reasoning = value;
            return this;
        }

        public Builder sampling(Sampling value) {
            sampling = value;
            return this;
        }

        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        public Builder service(Service value) {
            service = value;
            return this;
        }

        public Builder extras(Extras value) {
            extras = value;
            return this;
        }

        public ChatRequest build() {
            return new ChatRequest(
                    origin,
                    model,
                    stream,
                    streamUsage,
                    messages,
                    tools,
                    toolChoice,
                    parallelToolCalls,
                    outputFormat,
                    verbosity,
                    reasoning,
                    sampling,
                    limits,
                    service,
                    extras);
        }
    }
}
