package dev.sluice.configuration;

import static dev.sluice.settings.Setting.optional;
import static dev.sluice.settings.Setting.secret;
import static dev.sluice.settings.Setting.setting;

import dev.sluice.settings.Form;
import dev.sluice.settings.Section;

/** Settings of what happens to calls: upstreams, streams, sessions, money. */
final class CallSettings {
    private CallSettings() {}

    static Section upstreams() {
        return Section.of(
                "upstreams",
                "What all upstreams have in common; each may have time-outs of its own.",
                secret(
                        "upstreams.initial",
                        "UPSTREAMS",
                        "Upstreams to start with where there are none yet: a JSON list of `{name, provider, base_url, api_key, is_default, timeout}`."),
                setting(
                        "upstreams.models_cache_ttl",
                        "MODELS_CACHE_TTL",
                        Form.duration(),
                        "300s",
                        "How long a model list that an upstream gave is believed."),
                setting(
                        "upstreams.timeout",
                        "SLUICE_UPSTREAM_TIMEOUT",
                        Form.duration(),
                        "60s",
                        "How long an upstream that names no time-out may take to begin an answer, if the one for the first byte is not longer."),
                setting(
                        "upstreams.deadline",
                        "SLUICE_DEADLINE",
                        Form.duration(),
                        "10m",
                        "All attempts of a call together must have begun an answer by then; a model's own `deadline` stands in its place."),
                setting(
                        "upstreams.connect_timeout",
                        "SLUICE_UPSTREAM_CONNECT_TIMEOUT",
                        Form.duration(),
                        "10s",
                        "How long connecting to such an upstream may take."),
                setting(
                        "upstreams.first_byte_timeout",
                        "SLUICE_UPSTREAM_FIRST_BYTE_TIMEOUT",
                        Form.duration(),
                        "5m",
                        "How long its first byte may take: a model that thinks long says nothing before."),
                setting(
                        "upstreams.idle_timeout",
                        "SLUICE_UPSTREAM_IDLE_TIMEOUT",
                        Form.duration(),
                        "2m",
                        "How long it may fall silent amid an answer."),
                setting(
                        "upstreams.mask_as_browser",
                        "MASK_AS_BROWSER",
                        Form.flag(),
                        "false",
                        "Sends the three headers below upstream in place of the gateway's own name."),
                setting(
                        "upstreams.mask_user_agent",
                        "MASK_USER_AGENT",
                        header(),
                        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
                        "User-Agent of that mask."),
                optional("upstreams.mask_origin", "MASK_ORIGIN", header(), "Origin of that mask."),
                optional(
                        "upstreams.mask_referer",
                        "MASK_REFERER",
                        header(),
                        "Referer of that mask."));
    }

    static Section routing() {
        return Section.of(
                "routing",
                "Where calls go.",
                optional(
                        "routing.models",
                        "SLUICE_MODELS",
                        Form.text(),
                        "Logical models, each as `POST /admin/models` takes it: a list of `{id, strategy, targets: [{upstream, model, weight, …}], fallbacks, …}`. They stand before stored ones of the same id and cannot be changed by the API."),
                setting(
                        "routing.client_request_ids",
                        "SLUICE_CLIENT_REQUEST_IDS",
                        Form.flag(),
                        "false",
                        "Draws the choice of target and key from the client's `X-Request-ID`, where that is a UUID: the same id in the same state goes the same way. Records have ids of the gateway's own all the same."));
    }

    static Section streams() {
        return Section.of(
                "streams",
                "How streamed answers are kept alive.",
                setting(
                        "streams.commit_after",
                        "SLUICE_COMMIT_AFTER",
                        Form.duration(),
                        "15s",
                        "An upstream that is alive without output for that long is settled on: the status goes out, and there is no failover any more."),
                setting(
                        "streams.ping_interval",
                        "SLUICE_PING_INTERVAL",
                        Form.duration(),
                        "15s",
                        "A stream that is silent for that long gets a ping."));
    }

    static Section sessions() {
        return Section.of(
                "sessions",
                "What is remembered of sessions, which clients name in `X-Session-Id`.",
                setting(
                        "sessions.keep_context",
                        "SLUICE_KEEP_CONTEXT",
                        Form.flag(),
                        "false",
                        "Keeps the beginnings of the last 50 requests and answers of each session in memory, for `GET /context/{session}`: for two hours, 64 MiB in all, 4 KiB each."));
    }

    static Section spending() {
        return Section.of(
                "spending",
                "What calls cost and what is reserved for them.",
                setting(
                        "spending.currency",
                        "SLUICE_CURRENCY",
                        Form.matching("three capital letters", "[A-Z]{3}"),
                        "USD",
                        "The currency of all budgets and costs. What was counted before is not converted when it changes."),
                optional(
                        "spending.exchange_rates",
                        "SLUICE_EXCHANGE_RATES",
                        Form.list(),
                        "What one unit of another currency is worth, such as `EUR=1.08`. A price in a currency without a rate is none."),
                optional(
                        "spending.prices",
                        "SLUICE_PRICES",
                        Form.text(),
                        "Prices that stand before the public ones and behind those of `/admin/prices`: a list of `{model, provider, input, output, …}`, per million tokens."),
                setting(
                        "spending.refuse_unpriced",
                        "SLUICE_REFUSE_UNPRICED",
                        Form.flag(),
                        "true",
                        "Refuses calls of models without a price where money is limited; otherwise they cost nothing."),
                setting(
                        "spending.default_output_tokens",
                        "SLUICE_DEFAULT_OUTPUT_TOKENS",
                        Form.integer(1, 10_000_000),
                        "8192",
                        "The output reserved for a call that names no limit, where the model's own is not known."),
                setting(
                        "spending.media_tokens",
                        "SLUICE_MEDIA_TOKENS",
                        Form.integer(0, 10_000_000),
                        "4096",
                        "The input reserved for an image, a file or other media."));
    }

    private static Form header() {
        return Form.matching("visible ASCII", "[\\x20-\\x7e]+");
    }
}
