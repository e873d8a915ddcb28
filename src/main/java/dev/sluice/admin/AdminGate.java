package dev.sluice.admin;

import dev.sluice.http.Route;

/** Makes a route of an operation: whoever passes it is known and allowed, and asks in good form. */
public interface AdminGate {
    Route route(String method, String template, AdminRule rule, AdminOperation operation);
}
