package dev.sluice.http;

/**
 * Who may use a route. What a rule means is decided above this package; here every route merely
 * must have one.
 */
public interface Rule {
    String name();
}
