package dev.sluice.dialect.anthropic.wire;

import dev.sluice.dialect.Written;
import dev.sluice.dialect.json.Json;
import dev.sluice.dialect.trait.Trait;
import dev.sluice.dialect.trait.UpstreamTraits;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;

/**
 * Whose cloud serves Anthropic's models. Elsewhere than at Anthropic the path names the model, and
 * the body says version and betas.
 */
public enum AnthropicPlatform {
    /** Anthropic itself, and vendors that have its paths. */
    OWN("", "", Set.of()),
    /** Google's Vertex AI: {@code :rawPredict} and {@code :streamRawPredict}. */
    VERTEX("vertex", "vertex-2023-10-16", Set.of("model")),
    /** Amazon Bedrock: {@code /model/…/invoke}, where the path says whether it is a stream, too. */
    BEDROCK("bedrock", "bedrock-2023-05-31", Set.of("model", "stream"));

    /** The header that says the version at Anthropic itself. */
    public static final String VERSION_HEADER = "anthropic-version";

    private final String word;
    private final String version;

    /** What the path says in the body's place. */
    @SuppressWarnings("ImmutableEnumChecker")
    private final Set<String> said;

    AnthropicPlatform(String word, String version, Set<String> said) {
        this.word = word;
        this.version = version;
        this.said = said;
    }

    /** {@return the platform that the flag {@code platform} says} */
    public static AnthropicPlatform named(String word) {
        return Arrays.stream(values()).filter(one -> one.word.equals(word)).findFirst().orElse(OWN);
    }

    /** {@return the platform of an upstream} */
    public static AnthropicPlatform of(UpstreamTraits traits) {
        return named(traits.word(Trait.PLATFORM));
    }

    /** {@return whether it is called as Anthropic itself} */
    public boolean isOwn() {
        return this == OWN;
    }

    /**
     * {@return a body as it is said there: the very same at Anthropic itself, elsewhere every byte
     * but those members}
     *
     * @param betas a comma list
     */
    public byte[] said(byte[] body, String betas) {
        return isOwn() ? body : AnthropicPlatformBody.of(body, version, list(betas), said);
    }

    /** {@return the same of a body whose tokens are to be counted} */
    public byte[] counted(byte[] body) {
        return switch (this) {
            case OWN -> body;
            // The path names no model.
            case VERTEX -> AnthropicPlatformBody.of(body, version, List.of(), Set.of());
            case BEDROCK ->
                    AnthropicPlatformBody.invoked(
                            AnthropicPlatformBody.of(body, version, List.of(), said));
        };
    }

    /** {@return a request of Anthropic's as it is said there} */
    public Written said(Written written) {
        if (isOwn()) {
            return written;
        }
        String betas = written.headers().getOrDefault(AnthropicBetas.HEADER, "");
        Map<String, String> headers = new HashMap<>(written.headers());
        headers.remove(VERSION_HEADER);
        headers.remove(AnthropicBetas.HEADER);
        String header = betaHeader(betas);
        if (!header.isEmpty()) {
            headers.put(AnthropicBetas.HEADER, header);
        }
        return new Written(
                said(written.body(), betas),
                written.path(),
                headers,
                written.losses(),
                written.memory());
    }

    /** {@return whether an error is said in Anthropic's words, not in those of the cloud} */
    public boolean saysErrorsAsItself(byte[] body) {
        if (isOwn()) {
            return true;
        }
        try {
            return Json.tree(body).path("type").asString("").equals("error");
        } catch (JacksonException notJson) {
            return false;
        }
    }

    /**
     * {@return of a comma list those that the header names as well; empty for none} Vertex AI reads
     * some of them in the header alone, but refuses long contexts there; Bedrock reads the body.
     */
    public String betaHeader(String betas) {
        return list(betas).stream().filter(this::isInHeader).collect(Collectors.joining(","));
    }

    private boolean isInHeader(String beta) {
        return switch (this) {
            case OWN -> true;
            case VERTEX -> !beta.startsWith("context-1m");
            case BEDROCK -> false;
        };
    }

    private static List<String> list(String betas) {
        return Arrays.stream(betas.split(",", -1))
                .map(String::strip)
                .filter(beta -> !beta.isEmpty())
                .toList();
    }
}
