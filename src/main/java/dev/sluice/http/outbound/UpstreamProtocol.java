package dev.sluice.http.outbound;

/** Which HTTP is spoken to upstreams. */
public enum UpstreamProtocol {
    HTTP_1_1,
    /** HTTP/2 where an https upstream offers it, else HTTP/1.1. */
    NEGOTIATED,
    /** HTTP/2 always, without TLS by prior knowledge (RFC 9113 §3.3). */
    HTTP_2
}
