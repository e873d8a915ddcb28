package dev.sluice.simulator.anthropic;

import dev.sluice.simulator.endpoint.ErrorShape;
import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Json;

/** Errors as Bedrock says them: a bare message. */
final class BedrockErrors implements ErrorShape {

    @Override
    public byte[] body(Refusal refusal) {
        return Json.bytes(Json.object().put("message", refusal.text()));
    }

    @Override
    public byte[] event(Refusal refusal, int eventsSent) {
        return BedrockFrames.exception(exception(refusal.status()), body(refusal));
    }

    private static String exception(int status) {
        return switch (status) {
            case 400 -> "validationException";
            case 408, 504 -> "modelTimeoutException";
            case 429 -> "throttlingException";
            case 503, 529 -> "serviceUnavailableException";
            default -> "internalServerException";
        };
    }
}
