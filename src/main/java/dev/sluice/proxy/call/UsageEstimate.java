package dev.sluice.proxy.call;

import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import dev.sluice.dialect.peek.AnswerPeek;
import dev.sluice.proxy.InboundRequest;
import dev.sluice.proxy.tokens.JsonTexts;
import dev.sluice.proxy.tokens.JsonTexts.Words;
import dev.sluice.proxy.tokens.OutputSample;
import dev.sluice.proxy.tokens.TokenEstimator;
import java.nio.charset.StandardCharsets;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What a call is taken to have used where its upstream does not say. Whatever comes of it is marked
 * as an estimate. Nothing is counted before it is asked for.
 */
public final class UsageEstimate {
    private static final int BYTES_A_TOKEN = 4;
    private static final long TOKENS_A_MEDIUM = 1_000;

    /** Of sound and images in a form a token is many bytes. */
    private static final int UPLOADED_BYTES_A_TOKEN = 64;

    private final TokenEstimator estimator;
    private final @Nullable String model;
    private final LongSupplier input;
    private final Units units;

    private UsageEstimate(
            TokenEstimator estimator, @Nullable String model, LongSupplier input, Units units) {
        this.estimator = estimator;
        this.model = model;
        this.input = input;
        this.units = units;
    }

    /** {@return the estimate for a request that is read, answered by that model} */
    public static UsageEstimate of(
            InboundRequest request, @Nullable String model, TokenEstimator estimator) {
        LongSupplier input =
                request.isUploaded()
                        ? () -> request.bytes() / UPLOADED_BYTES_A_TOKEN
                        : () -> input(request, model, estimator);
        return new UsageEstimate(estimator, model, input, request.units().likely());
    }

    /** {@return the estimate for a request of which only the size is known} */
    public static UsageEstimate ofBytes(long requestBytes, TokenEstimator estimator) {
        return new UsageEstimate(estimator, null, () -> requestBytes / BYTES_A_TOKEN, Units.NONE);
    }

    private static long input(
            InboundRequest request, @Nullable String model, TokenEstimator estimator) {
        Words words = JsonTexts.ofRequest(request.body());
        return words.whole(estimator.quick(words.text(), model))
                + request.peek().mediaParts() * TOKENS_A_MEDIUM;
    }

    /**
     * {@return what a stream used} One that was cut may have reported its input and next to nothing
     * of its output: then the output is estimated.
     *
     * @param reported so far, or null
     * @param isWhole whether the stream came to its end
     */
    public Usage ofStream(OutputSample output, @Nullable Usage reported, boolean isWhole) {
        return completed(stream(output, reported, isWhole));
    }

    private Usage stream(OutputSample output, @Nullable Usage reported, boolean isWhole) {
        if (reported != null && isWhole) {
            return reported;
        }
        long tokens = output.tokens(estimator, model);
        if (reported == null) {
            return Usage.estimated(input.getAsLong(), tokens).withUnits(units);
        }
        return tokens / 2 > reported.outputTotal()
                ? reported.withEstimatedOutput(tokens)
                : reported;
    }

    /** {@return what a whole answer used} */
    public Usage ofAnswer(AnswerPeek peek, byte[] body) {
        return of(peek, () -> peek.outputBytes() == 0 ? 0 : output(body));
    }

    /**
     * {@return what an answer used that was too large to be held}
     *
     * @param size how much of it was words, in bytes
     */
    public Usage ofPassing(AnswerPeek peek, long size) {
        return of(peek, () -> (size + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN);
    }

    private long output(byte[] body) {
        boolean isJson = body.length > 0 && body[0] == '{';
        if (!isJson) {
            return estimator.quick(new String(body, StandardCharsets.UTF_8), model);
        }
        Words words = JsonTexts.ofAnswer(body);
        return words.whole(estimator.quick(words.text(), model));
    }

    /** Which images were made, and how much was spoken, is known from the request. */
    private Usage completed(Usage used) {
        return units.isNothing() ? used : used.withUnits(used.units().asAskedBy(units));
    }

    private Usage of(AnswerPeek peek, LongSupplier outputTokens) {
        return completed(answer(peek, outputTokens));
    }

    private Usage answer(AnswerPeek peek, LongSupplier outputTokens) {
        Usage reported = peek.usage();
        if (reported == null) {
            return Usage.estimated(input.getAsLong(), outputTokens.getAsLong())
                    .withUnits(peek.units().isNothing() ? units : peek.units());
        }
        // As many images are made as were asked for, also where the answer was too large to count.
        boolean addsImages = reported.units().isNothing() && units.images() > 0;
        return addsImages ? reported.withUnits(Units.ofImages(units.images())) : reported;
    }
}
