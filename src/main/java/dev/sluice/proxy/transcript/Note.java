package dev.sluice.proxy.transcript;

import dev.sluice.proxy.call.Overhearing;
import dev.sluice.proxy.transcript.Transcripts.Said;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * Takes down one call while it passes, as far as there is room. Belongs to the call's event loop.
 */
public final class Note implements Overhearing {
    private final String request;
    private final int longest;
    private final Consumer<Said> done;
    private final Buffer answer = Buffer.buffer();

    Note(byte[] request, int longest, Consumer<Said> done) {
        this.request =
                new String(request, 0, Math.min(request.length, longest), StandardCharsets.UTF_8);
        this.longest = longest;
        this.done = done;
    }

    @Override
    public void passed(Buffer bytes) {
        int room = longest - answer.length();
        if (room > 0) {
            answer.appendBuffer(bytes, 0, Math.min(room, bytes.length()));
        }
    }

    @Override
    public void over() {
        done.accept(new Said(request, answer.toString(StandardCharsets.UTF_8)));
    }
}
