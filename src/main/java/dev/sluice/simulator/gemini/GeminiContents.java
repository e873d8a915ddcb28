package dev.sluice.simulator.gemini;

import static dev.sluice.simulator.gemini.GeminiReader.field;

import dev.sluice.simulator.endpoint.Refusal;
import dev.sluice.simulator.script.Conversation;
import dev.sluice.simulator.script.Fingerprint;
import dev.sluice.simulator.script.Json;
import dev.sluice.simulator.script.Transcript;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.databind.JsonNode;

/** Reads the contents of one request. */
final class GeminiContents {
    private static final String SKIP = "skip_thought_signature_validator";

    private final boolean strict;
    private final Transcript transcript = new Transcript();
    private int openCalls;

    /**
     * @param strict whether calls, responses and signatures must be as a provider wants them
     */
    GeminiContents(boolean strict) {
        this.strict = strict;
    }

    Conversation read(JsonNode body) throws Refusal {
        for (JsonNode part : field(body, "systemInstruction").path("parts")) {
            transcript.system(part.path("text").asString(""));
        }
        JsonNode contents = body.path("contents");
        if (contents.isEmpty()) {
            throw Refusal.invalid(
                    "* GenerateContentRequest.contents: contents is not specified", "contents");
        }
        for (int i = 0; i < contents.size(); i++) {
            read(contents.path(i), "contents[" + i + "]");
        }
        return transcript.conversation();
    }

    private void read(JsonNode content, String at) throws Refusal {
        String role = content.path("role").asString("user");
        if (!role.equals("user") && !role.equals("model") && !role.equals("function")) {
            throw Refusal.invalid("Please use a valid role: user, model.", at + ".role");
        }
        boolean model = role.equals("model");
        if (model) {
            transcript.assistant("");
        } else {
            transcript.userTurn();
        }
        JsonNode parts = content.path("parts");
        if (parts.isEmpty()) {
            throw Refusal.invalid(
                    "* GenerateContentRequest." + at + ".parts: contents.parts must not be empty.",
                    at + ".parts");
        }
        int callsBefore = openCalls;
        for (int i = 0; i < parts.size(); i++) {
            part(parts.path(i), model, at + ".parts[" + i + "]");
        }
        if (strict && !model && callsBefore != 0 && openCalls != 0) {
            throw Refusal.invalid(
                    "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
                    at);
        }
    }

    private void part(JsonNode part, boolean model, String at) throws Refusal {
        checkSignature(field(part, "thoughtSignature"), at);
        if (part.has("text")) {
            say(part, model);
        } else if (!field(part, "functionCall").isMissingNode()) {
            openCalls++;
        } else if (!field(part, "functionResponse").isMissingNode()) {
            openCalls--;
            result(field(part, "functionResponse"), at);
        } else if (!field(part, "inlineData").isMissingNode()
                || !field(part, "fileData").isMissingNode()) {
            transcript.medium();
        }
    }

    private void say(JsonNode part, boolean model) {
        String text = part.path("text").asString("");
        if (!model) {
            transcript.user(text);
        } else if (!part.path("thought").asBoolean(false)) {
            transcript.assistant(text);
        }
    }

    private void result(JsonNode result, String at) throws Refusal {
        JsonNode response = result.path("response");
        if (strict && (openCalls < 0 || !response.isObject())) {
            throw Refusal.invalid(
                    "Please ensure that function response turn comes immediately after a function call turn.",
                    at);
        }
        String output = response.path("output").asString(response.path("result").asString(""));
        transcript.result(output.isEmpty() ? Json.text(response) : output);
        result.path("parts").forEach(_ -> transcript.medium());
    }

    private void checkSignature(JsonNode signature, String at) throws Refusal {
        if (!strict || !signature.isString() || signature.stringValue().isEmpty()) {
            return;
        }
        String text = signature.stringValue();
        byte[] skip = SKIP.getBytes(StandardCharsets.UTF_8);
        boolean skipped =
                text.equals(SKIP) || text.equals(Base64.getEncoder().encodeToString(skip));
        if (!skipped && !Fingerprint.isSeal(text)) {
            throw Refusal.invalid("Thought signature is not valid.", at);
        }
    }
}
