package dev.sluice.http.client;

/**
 * Calls out. One pool of connections per event loop; used from an exchange's loop, or from any
 * thread by the control plane.
 */
public interface OutboundClient {
    OutboundCall send(OutboundRequest request);
}
