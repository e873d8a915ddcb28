package dev.sluice.http;

/** Answers an exchange. Called on the exchange's event loop; must not block it. */
@FunctionalInterface
public interface Handler {
    void handle(Exchange exchange);
}
