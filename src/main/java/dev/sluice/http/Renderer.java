package dev.sluice.http;

/**
 * Turns a failure into an answer in the shape that this exchange's client expects. Must not throw
 * and must not tell more than the client may know. Called on the exchange's event loop.
 */
@FunctionalInterface
public interface Renderer {
    /** {@return the answer for that failure; {@link HttpFailure} says its own status} */
    Response render(Exchange exchange, Throwable failure);
}
