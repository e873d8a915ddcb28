package dev.sluice.sdk;

import dev.sluice.chat.Protocol;

/** An official client, as its users have it. */
public interface SdkClient extends AutoCloseable {
    Heard ask(Ask ask);

    Heard stream(Ask ask);

    @Override
    void close();

    /**
     * {@return the client of that protocol's inventor}
     *
     * @param url of a server, without any path
     */
    static SdkClient of(Protocol protocol, String url, String key) {
        return switch (protocol) {
            case OPENAI_CHAT -> new OpenAiChatSdk(url, key);
            case OPENAI_RESPONSES -> new OpenAiResponsesSdk(url, key);
            case ANTHROPIC -> new AnthropicSdk(url, key);
            case GEMINI -> new GeminiSdk(url, key);
        };
    }
}
