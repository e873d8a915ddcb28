package dev.sluice.simulator.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sluice.simulator.behaviour.Behaviour;
import dev.sluice.simulator.behaviour.Directive;
import dev.sluice.simulator.endpoint.Answer;
import dev.sluice.simulator.endpoint.Frame;
import dev.sluice.simulator.endpoint.Frame.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Changes the bytes of events on their way, as asked: line ends, comments between, broken JSON,
 * compression. For one answer.
 */
final class FrameShape {
    private final Behaviour behaviour;
    private final boolean eventStream;
    private final @Nullable String comment;
    private final @Nullable ByteArrayOutputStream zipped;
    private final @Nullable GZIPOutputStream zip;
    private boolean broken;

    FrameShape(Answer answer) {
        this.behaviour = answer.behaviour();
        this.eventStream = answer.isEventStream();
        this.comment = comment(behaviour);
        this.zipped = behaviour.has(Directive.GZIP) ? new ByteArrayOutputStream() : null;
        this.zip = zipped == null ? null : zip(zipped);
    }

    /** {@return the answer's events; a whole body as its two halves} */
    static Iterator<Frame> frames(Answer answer) {
        return switch (answer.content()) {
            case Answer.Events events -> events.frames();
            case Answer.Whole whole -> halves(answer.behaviour(), whole.bytes()).iterator();
        };
    }

    private static List<Frame> halves(Behaviour behaviour, byte[] body) {
        String blank = behaviour.has(Directive.BLANK_LINES) ? "\n\n\n" : "";
        int middle = body.length / 2;
        Frame first = Frame.join(Kind.OUTPUT, blank.getBytes(UTF_8), Arrays.copyOf(body, middle));
        if (behaviour.has(Directive.BAD_JSON)) {
            return List.of(first);
        }
        return List.of(
                first, new Frame(Kind.OUTPUT, Arrays.copyOfRange(body, middle, body.length)));
    }

    byte[] bytes(Frame frame) {
        byte[] bytes = frame.bytes();
        if (eventStream && behaviour.has(Directive.BAD_JSON) && frame.kind() == Kind.OUTPUT) {
            bytes = broken ? bytes : breakOff(bytes);
            broken = true;
        }
        if (eventStream && comment != null) {
            bytes = Frame.join(frame.kind(), comment.getBytes(UTF_8), bytes).bytes();
        }
        return compress(lines(bytes), false);
    }

    /** {@return what ends the body, after the given bytes} */
    byte[] last(byte[] bytes) {
        return compress(bytes, true);
    }

    /** {@return the bytes with the line ends that were asked for} */
    byte[] lines(byte[] bytes) {
        if (!eventStream || !behaviour.has(Directive.CRLF)) {
            return bytes;
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length + 8);
        byte before = 0;
        for (byte b : bytes) {
            if (b == '\n' && before != '\r') {
                out.write('\r');
            }
            out.write(b);
            before = b;
        }
        return out.toByteArray();
    }

    private static byte[] breakOff(byte[] bytes) {
        return Frame.join(
                        Kind.OUTPUT, Arrays.copyOf(bytes, bytes.length / 2), "\n\n".getBytes(UTF_8))
                .bytes();
    }

    private static @Nullable String comment(Behaviour behaviour) {
        if (!behaviour.has(Directive.COMMENTS)) {
            return null;
        }
        String text = behaviour.text(Directive.COMMENTS, "");
        return ": " + (text.isEmpty() ? "keep-alive" : text) + "\n\n";
    }

    private byte[] compress(byte[] bytes, boolean last) {
        if (zip == null || zipped == null) {
            return bytes;
        }
        try {
            zip.write(bytes);
            if (last) {
                zip.close();
            } else {
                zip.flush();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        byte[] compressed = zipped.toByteArray();
        zipped.reset();
        return compressed;
    }

    private static GZIPOutputStream zip(ByteArrayOutputStream to) {
        try {
            return new GZIPOutputStream(to, true);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
