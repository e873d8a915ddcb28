package dev.sluice.proxy.admit;

/**
 * What is assumed of a call before it has run.
 *
 * @param mediaTokens what an image, file or other part counts whose tokens do not follow from its
 *     bytes
 * @param defaultOutputTokens the most output of a call that names no limit, where the model's own
 *     is not known
 * @param smallestClamp the smallest limit of output that is ever written into a call; below it the
 *     call is refused
 * @param refusesUnpriced whether a model without a price is refused where money is limited
 */
public record AdmissionPolicy(
        long mediaTokens, long defaultOutputTokens, long smallestClamp, boolean refusesUnpriced) {
    public static final AdmissionPolicy STANDARD = new AdmissionPolicy(4_096, 8_192, 64, true);

    public AdmissionPolicy {
        if (mediaTokens < 0 || defaultOutputTokens < 1 || smallestClamp < 1) {
            throw new IllegalArgumentException("what is assumed of a call is not negative");
        }
    }
}
