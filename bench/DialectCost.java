import dev.sluice.chat.ChatRequest;
import dev.sluice.dialect.ClientView;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.EventReader;
import dev.sluice.dialect.EventWriter;
import dev.sluice.dialect.peek.RequestPeek;
import dev.sluice.dialect.peek.Rewrite;
import dev.sluice.dialect.trait.UpstreamTraits;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.sse.SseEvent;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * What it costs to look into a request, an event and an answer, and to say them in another protocol: CPU time of one thread and bytes
 * allocated, the best of several rounds. Prints a table in Markdown. Run it with {@code java -cp 'target/sluice.jar:target/lib/*'
 * bench/DialectCost.java}.
 */
public final class DialectCost {
    private static final int ROUNDS = 6;
    private static final Dialect CHAT = new OpenAiChatDialect();
    private static final Dialect ANTHROPIC = new AnthropicDialect();
    private static final byte[] REQUEST =
            bytes("{\"model\":\"plain\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"},{\"role\":\"user\",\"content\":\""
                    + "say something ".repeat(135) + "\"}],\"stream\":true,\"max_tokens\":200,\"temperature\":0.5}");
    private static final SseEvent CHAT_EVENT =
            event("", "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"system_fingerprint\":"
                    + "\"fp_0\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"a word or two \"},\"logprobs\":null,\"finish_reason\":null}]}");
    private static final SseEvent ANTHROPIC_START =
            event("message_start", "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":"
                    + "\"m\",\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":500,\"output_tokens\":1}}}");
    private static final SseEvent ANTHROPIC_BLOCK =
            event("content_block_start", "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
    private static final SseEvent ANTHROPIC_EVENT =
            event("content_block_delta", "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"a word or two \"}}");

    /** Something to measure; what it returns is kept, so that it is not left out. */
    private interface Work {
        Object run() throws Exception;
    }

    private static volatile Object kept;

    private DialectCost() {}

    public static void main(String[] args) throws Exception {
        int calls = args.length > 0 ? Integer.parseInt(args[0]) : 100_000;
        System.out.println("| | CPU µs | bytes allocated |");
        System.out.println("|---|---|---|");
        RequestPeek peek = CHAT.peek(REQUEST);
        Rewrite rewrite = new Rewrite("another-model", true, true, null);
        measure("peek at a 2 KB request", calls, () -> CHAT.peek(REQUEST));
        measure("splice of a 2 KB request", calls, () -> CHAT.rewrite(REQUEST, peek, rewrite));
        measure("peek at an event, OpenAI Chat", calls, () -> CHAT.peekEvent(CHAT_EVENT));
        measure("peek at an event, Anthropic", calls, () -> ANTHROPIC.peekEvent(ANTHROPIC_EVENT));
        ChatRequest request = CHAT.readRequest(REQUEST, Envelope.NONE);
        UpstreamTraits claude = UpstreamTraits.standard("anthropic", "m");
        UpstreamTraits gpt = UpstreamTraits.standard("openai", "m");
        Written written = ANTHROPIC.writeRequest(request, claude);
        measure("2 KB request, Chat to Anthropic", calls,
                () -> ANTHROPIC.writeRequest(CHAT.readRequest(REQUEST, Envelope.NONE), claude));
        measure("2 KB request, Anthropic to Chat", calls,
                () -> CHAT.writeRequest(ANTHROPIC.readRequest(written.body(), Envelope.NONE), gpt));
        ClientView view = new ClientView(request, "1", "m", Instant.EPOCH, 500, true);
        measure("event, Anthropic to Chat", calls,
                events(ANTHROPIC.newEventReader(written.memory()), CHAT.newEventWriter(view), ANTHROPIC_EVENT, ANTHROPIC_START, ANTHROPIC_BLOCK));
        measure("event, Chat to Anthropic", calls,
                events(CHAT.newEventReader(CHAT.writeRequest(request, gpt).memory()), ANTHROPIC.newEventWriter(view), CHAT_EVENT));
        byte[] images = images(1 << 20);
        System.out.printf("%n| a request of %d bytes with images | CPU µs | bytes allocated |%n|---|---|---|%n", images.length);
        measure("peek", calls / 1000, () -> CHAT.peek(images));
        measure("Chat to Anthropic", calls / 1000, () -> ANTHROPIC.writeRequest(CHAT.readRequest(images, Envelope.NONE), claude));
    }

    private static Work events(EventReader reader, EventWriter writer, SseEvent event, SseEvent... before) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (SseEvent first : before) {
            reader.read(first, said -> writer.write(said, out));
        }
        return () -> {
            out.reset();
            reader.read(event, said -> writer.write(said, out));
            return out;
        };
    }

    private static void measure(String name, int calls, Work work) throws Exception {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        double best = Double.MAX_VALUE;
        long allocated = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long bytes = threads.getCurrentThreadAllocatedBytes();
            long began = threads.getCurrentThreadCpuTime();
            for (int i = 0; i < calls; i++) {
                kept = work.run();
            }
            best = Math.min(best, (threads.getCurrentThreadCpuTime() - began) / 1000.0 / calls);
            allocated = (threads.getCurrentThreadAllocatedBytes() - bytes) / calls;
        }
        System.out.printf("| %s | %.2f | %d |%n", name, best, allocated);
    }

    private static byte[] images(int size) {
        String image = "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64," + "iVBORw0K".repeat(size / 32) + "\"}}";
        return bytes("{\"model\":\"plain\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"what is this?\"},"
                + String.join(",", image, image, image, image) + "]}],\"max_tokens\":200}");
    }

    private static SseEvent event(String type, String data) {
        String raw = (type.isEmpty() ? "" : "event: " + type + "\n") + "data: " + data + "\n\n";
        return new SseEvent(bytes(raw), type, bytes(data), true);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
