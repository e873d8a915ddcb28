import dev.sluice.chat.ChatRequest;
import dev.sluice.chat.Protocol;
import dev.sluice.dialect.Dialect;
import dev.sluice.dialect.Envelope;
import dev.sluice.dialect.trait.UpstreamTraits;
import dev.sluice.dialect.Written;
import dev.sluice.dialect.anthropic.AnthropicDialect;
import dev.sluice.dialect.gemini.GeminiDialect;
import dev.sluice.dialect.openai.chat.OpenAiChatDialect;
import dev.sluice.dialect.openai.responses.OpenAiResponsesDialect;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;

/**
 * The least heap in which a request of images can be said in another protocol, as a multiple of its body: a process for each size of heap, with body, canonical form
 * and what is written all held at the end. A large body, so that what a process needs anyway counts little. Prints a table in Markdown, in about five minutes. Run
 * it with {@code java -cp 'target/sluice.jar:target/lib/*' bench/DialectHeap.java}.
 */
public final class DialectHeap {
    private static final int IMAGES = 128;
    private static final int IMAGE_BYTES = 256 << 10;
    private static final Path CLASSES = Path.of(System.getProperty("java.io.tmpdir"), "dialect-heap");
    private static final int MEBIBYTE = 1 << 20;
    private static final List<Dialect> DIALECTS =
            List.of(new OpenAiChatDialect(), new OpenAiResponsesDialect(), new AnthropicDialect(), new GeminiDialect());

    /** What a body of images is made of. */
    private record Shape(String head, String before, String after, String tail) {}

    private static volatile Object kept;

    private DialectHeap() {}

    public static void main(String[] args) throws Exception {
        if (args.length > 0) {
            translate(dialect(args[0]), dialect(args[1]), Integer.parseInt(args[2]));
            return;
        }
        ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-cp", System.getProperty("java.class.path"), "-d", CLASSES.toString(), "bench/DialectHeap.java");
        int anyway = leastHeap(DIALECTS.getFirst(), DIALECTS.get(1), 1);
        System.out.printf("A process that translates one image needs %d MiB.%n%n", anyway);
        System.out.println("| from | to | body MiB | least heap MiB | × the body, without what a process needs anyway |");
        System.out.println("|---|---|---|---|---|");
        for (Dialect from : DIALECTS) {
            for (Dialect to : DIALECTS) {
                if (from != to) {
                    row(from, to, anyway);
                }
            }
        }
    }

    private static void row(Dialect from, Dialect to, int anyway) throws Exception {
        int body = body(from, IMAGES).length;
        int enough = leastHeap(from, to, IMAGES);
        double times = (double) (enough - anyway) * MEBIBYTE / body;
        System.out.printf("| %s | %s | %.1f | %d | %.1f |%n", name(from), name(to), (double) body / MEBIBYTE, enough, times);
    }

    private static int leastHeap(Dialect from, Dialect to, int images) throws Exception {
        int enough = 256;
        int tooLittle = 4;
        while (enough - tooLittle > 1) {
            int middle = (enough + tooLittle) / 2;
            if (isEnough(middle, from, to, images)) {
                enough = middle;
            } else {
                tooLittle = middle;
            }
        }
        return enough;
    }

    private static boolean isEnough(int mebibytes, Dialect from, Dialect to, int images) throws Exception {
        Process process =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Xmx" + mebibytes + "m",
                                "-XX:+UseG1GC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                CLASSES + File.pathSeparator + System.getProperty("java.class.path"),
                                "DialectHeap",
                                name(from),
                                name(to),
                                Integer.toString(images))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor() == 0;
    }

    private static void translate(Dialect from, Dialect to, int images) throws Exception {
        byte[] body = body(from, images);
        ChatRequest request = from.readRequest(body, new Envelope("m", false, List.of()));
        Written written = to.writeRequest(request, UpstreamTraits.standard("any", "m"));
        kept = List.of(body, request, written);
    }

    private static byte[] body(Dialect dialect, int images) {
        Shape shape = shape(dialect.protocol());
        byte[] image = "iVBORw0K".repeat(IMAGE_BYTES / 8).getBytes(StandardCharsets.US_ASCII);
        int each = shape.before().length() + image.length + shape.after().length() + 1;
        ByteArrayOutputStream body = new ByteArrayOutputStream(shape.head().length() + images * each + shape.tail().length() - 1);
        body.writeBytes(ascii(shape.head()));
        for (int i = 0; i < images; i++) {
            body.writeBytes(ascii((i == 0 ? "" : ",") + shape.before()));
            body.writeBytes(image);
            body.writeBytes(ascii(shape.after()));
        }
        body.writeBytes(ascii(shape.tail()));
        return body.toByteArray();
    }

    private static Shape shape(Protocol protocol) {
        return switch (protocol) {
            case OPENAI_CHAT ->
                    new Shape("{\"model\":\"m\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":[",
                            "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/png;base64,", "\"}}", "]}]}");
            case OPENAI_RESPONSES ->
                    new Shape("{\"model\":\"m\",\"input\":[{\"role\":\"user\",\"content\":[",
                            "{\"type\":\"input_image\",\"image_url\":\"data:image/png;base64,", "\"}", "]}]}");
            case ANTHROPIC ->
                    new Shape("{\"model\":\"m\",\"max_tokens\":100,\"messages\":[{\"role\":\"user\",\"content\":[",
                            "{\"type\":\"image\",\"source\":{\"type\":\"base64\",\"media_type\":\"image/png\",\"data\":\"", "\"}}", "]}]}");
            case GEMINI -> new Shape("{\"contents\":[{\"role\":\"user\",\"parts\":[", "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"", "\"}}", "]}]}");
        };
    }

    private static Dialect dialect(String name) {
        return DIALECTS.stream().filter(dialect -> name(dialect).equals(name)).findFirst().orElseThrow();
    }

    private static String name(Dialect dialect) {
        return dialect.protocol().wireName();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
