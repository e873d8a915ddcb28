package dev.sluice.proxy.call;

import dev.sluice.chat.Units;
import dev.sluice.chat.Usage;
import dev.sluice.proxy.InboundRequest;
import org.jspecify.annotations.Nullable;

/**
 * What a call is taken to have used where its upstream does not say. Whatever comes of it is marked
 * as an estimate.
 *
 * @param requestBytes the size of what was asked
 * @param units what the answer is taken to be billed by other units than tokens
 */
public record UsageEstimate(long requestBytes, Units units) {
    private static final int BYTES_A_TOKEN = 4;

    /** Of sound and images a token is many bytes; an estimate divides by four once more. */
    private static final int UPLOADED_BYTES_A_TEXT_BYTE = 16;

    /** {@return the estimate for a request of which only the size is known} */
    public static UsageEstimate ofBytes(long requestBytes) {
        return new UsageEstimate(requestBytes, Units.NONE);
    }

    public static UsageEstimate of(InboundRequest request) {
        long bytes =
                request.isUploaded()
                        ? request.bytes() / UPLOADED_BYTES_A_TEXT_BYTE
                        : request.bytes();
        return new UsageEstimate(bytes, request.units().likely());
    }

    /** {@return what is taken to be used by an answer that says nothing} */
    public Usage unreported(long outputBytes) {
        return Usage.estimated(
                        requestBytes / BYTES_A_TOKEN,
                        (outputBytes + BYTES_A_TOKEN - 1) / BYTES_A_TOKEN)
                .withUnits(units);
    }

    /**
     * {@return what a whole answer used}
     *
     * @param reported of its tokens, or null
     * @param seen the units that it was seen to have
     */
    public Usage of(@Nullable Usage reported, Units seen, long outputBytes) {
        if (reported == null) {
            Usage estimate = unreported(outputBytes);
            return seen.isNothing() ? estimate : estimate.withUnits(seen);
        }
        // As many images are made as were asked for, also where the answer was too large to count.
        boolean addsImages = reported.units().isNothing() && units.images() > 0;
        return addsImages ? reported.withUnits(Units.ofImages(units.images())) : reported;
    }
}
