package dev.sluice.configuration;

import dev.sluice.catalog.Secret;
import dev.sluice.settings.Values;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads {@code UPSTREAMS}: a JSON list of objects with {@code name}, {@code provider}, {@code
 * base_url} and {@code api_key}, and optionally {@code is_default} and {@code timeout} in seconds.
 */
final class InitialUpstreams {
    private static final String SETTING = "upstreams.initial";
    private static final String CURE =
            "Write [{\"name\": \"main\", \"provider\": \"openai\", \"base_url\": \"https://api.openai.com\", \"api_key\": \"…\"}].";
    private static final int STANDARD_TIMEOUT_SECONDS = 60;

    private final Values values;

    InitialUpstreams(Values values) {
        this.values = values;
    }

    List<Settings.InitialUpstream> read() {
        String text = values.text(SETTING);
        if (text == null) {
            return List.of();
        }
        List<Settings.InitialUpstream> upstreams = new ArrayList<>();
        try {
            JsonNode list = JsonMapper.shared().readTree(text);
            if (!list.isArray()) {
                throw new Unusable("It is no list.");
            }
            for (JsonNode item : list) {
                upstreams.add(upstream(item, upstreams.size() + 1));
            }
            requireOwnNames(upstreams);
        } catch (JacksonException notJson) {
            // Its message would repeat what may be a credential.
            values.wrong(SETTING, "It is not JSON.", CURE);
        } catch (Unusable unusable) {
            values.wrong(SETTING, unusable.getMessage(), CURE);
        }
        return upstreams;
    }

    private static void requireOwnNames(List<Settings.InitialUpstream> upstreams) throws Unusable {
        long names = upstreams.stream().map(Settings.InitialUpstream::name).distinct().count();
        if (names < upstreams.size()) {
            throw new Unusable("Two upstreams have the same name.");
        }
    }

    private static Settings.InitialUpstream upstream(JsonNode item, int position) throws Unusable {
        URI url;
        try {
            url = URI.create(text(item, "base_url", position));
        } catch (IllegalArgumentException malformed) {
            throw new Unusable("The base_url of upstream " + position + " is no URL.");
        }
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        if (url.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw new Unusable(
                    "The base_url of upstream " + position + " is no http or https URL.");
        }
        int timeout = item.path("timeout").asInt(STANDARD_TIMEOUT_SECONDS);
        if (timeout < 1) {
            throw new Unusable("The timeout of upstream " + position + " is below 1 second.");
        }
        return new Settings.InitialUpstream(
                text(item, "name", position),
                text(item, "provider", position),
                url,
                new Secret(text(item, "api_key", position)),
                item.path("is_default").asBoolean(false),
                Duration.ofSeconds(timeout));
    }

    private static String text(JsonNode item, String field, int position) throws Unusable {
        JsonNode value = item.path(field);
        if (!value.isString() || value.asString().isBlank()) {
            throw new Unusable("Upstream " + position + " has no " + field + ".");
        }
        return value.asString().strip();
    }

    private static final class Unusable extends Exception {
        private static final long serialVersionUID = 1L;

        Unusable(String message) {
            super(message, null, false, false);
        }

        @Override
        public String getMessage() {
            return String.valueOf(super.getMessage());
        }
    }
}
