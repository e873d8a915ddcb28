package dev.sluice.simulator.endpoint;

/** How a dialect says an error. */
public interface ErrorShape {

    /** {@return the status that the dialect gives it} */
    default int status(Refusal refusal) {
        return refusal.status();
    }

    /** {@return the body of an answer that is an error} */
    byte[] body(Refusal refusal);

    /**
     * {@return what ends a stream that has begun}
     *
     * @param eventsSent how many events went before it
     */
    byte[] event(Refusal refusal, int eventsSent);
}
