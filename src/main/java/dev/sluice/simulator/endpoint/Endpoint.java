package dev.sluice.simulator.endpoint;

/**
 * Answers the requests of one path. Stateless but for what it says; may be called on any thread.
 */
public interface Endpoint {

    Answer answer(Incoming incoming) throws Refusal;

    /** {@return how this path says errors to that request} */
    ErrorShape errors(Incoming incoming);
}
