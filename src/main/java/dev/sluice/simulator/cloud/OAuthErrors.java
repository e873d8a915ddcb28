package dev.sluice.simulator.cloud;

import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;

/** Errors as RFC 6749 §5.2 has them. */
final class OAuthErrors implements ErrorShape {
    static final String BAD_GRANT = "invalid_grant";
    static final String BAD_CLIENT = "invalid_client";

    static Refusal refusal(String code, String message) {
        return new Refusal(code.equals(BAD_CLIENT) ? 401 : 400, code, message, null);
    }

    @Override
    public byte[] body(Refusal refusal) {
        String code = refusal.code();
        return Json.bytes(
                Json.object()
                        .put("error", code == null ? word(refusal.status()) : code)
                        .put("error_description", refusal.text()));
    }

    @Override
    public byte[] event(Refusal refusal, int eventsSent) {
        return body(refusal);
    }

    private static String word(int status) {
        return status >= 500 ? "temporarily_unavailable" : "invalid_request";
    }
}
