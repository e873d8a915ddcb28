package dev.sluice.http.outbound;

import dev.sluice.http.BodyStream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The body of an upstream's answer. An end that comes before anyone listens is kept for them. */
final class UpstreamBody implements BodyStream {
    private final UpstreamCall call;
    private final HttpClientResponse response;
    private @Nullable Consumer<Buffer> onData;
    private @Nullable Runnable onEnd;
    private @Nullable Consumer<Throwable> onFailure;
    private @Nullable Throwable failure;
    private boolean whole;
    private boolean told;
    private boolean paused = true;

    UpstreamBody(UpstreamCall call, HttpClientResponse response) {
        this.call = call;
        this.response = response;
        response.handler(this::arrived);
        response.endHandler(_ -> finished());
    }

    @Override
    public BodyStream onData(Consumer<Buffer> consumer) {
        onData = consumer;
        return this;
    }

    @Override
    public BodyStream onEnd(Runnable callback) {
        onEnd = callback;
        tell();
        return this;
    }

    @Override
    public BodyStream onFailure(Consumer<Throwable> callback) {
        onFailure = callback;
        tell();
        return this;
    }

    @Override
    public void pause() {
        if (paused || call.hasEnded()) {
            return;
        }
        paused = true;
        call.expectNothing();
        response.pause();
    }

    @Override
    public void resume() {
        if (!paused || call.hasEnded()) {
            return;
        }
        paused = false;
        call.expectData();
        response.resume();
    }

    void fail(Throwable reason) {
        failure = reason;
        tell();
    }

    private void arrived(Buffer bytes) {
        if (call.hasEnded()) {
            return;
        }
        if (!paused) {
            call.expectData();
        }
        if (onData != null) {
            onData.accept(bytes);
        }
    }

    private void finished() {
        if (call.hasEnded()) {
            return;
        }
        whole = true;
        call.complete();
        tell();
    }

    private void tell() {
        if (told) {
            return;
        }
        if (whole && onEnd != null) {
            told = true;
            onEnd.run();
        } else if (failure != null && onFailure != null) {
            told = true;
            onFailure.accept(failure);
        }
    }
}
