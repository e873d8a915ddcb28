package dev.sluice.dialect.openai.chat.wire;

import dev.sluice.chat.ChatError;
import dev.sluice.chat.ErrorKind;
import dev.sluice.dialect.json.Json;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** An error in OpenAI's shape (wire-contract §2.11). */
public final class OpenAiChatErrorWriter {
    private OpenAiChatErrorWriter() {}

    /** {@return the status; an empty purse is a 429 to OpenAI's clients, which know no 402} */
    public static int status(ChatError error) {
        return error.kind() == ErrorKind.BUDGET_EXHAUSTED ? 429 : error.kind().status();
    }

    public static byte[] body(ChatError error) {
        ObjectNode body = Json.mapper().createObjectNode();
        body.putObject("error")
                .put("message", error.message())
                .put("type", type(error.kind()))
                .put("param", error.param())
                .put("code", error.code() == null ? code(error.kind()) : error.code());
        return Json.bytes(body);
    }

    /** {@return the error as the last event of a stream; every SDK raises on it} */
    public static byte[] event(ChatError error) {
        String json = new String(body(error), StandardCharsets.UTF_8);
        return ("data: " + json + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String type(ErrorKind kind) {
        return switch (kind) {
            case BAD_REQUEST,
                    CONTEXT_TOO_LONG,
                    UNAUTHENTICATED,
                    NOT_FOUND,
                    METHOD_NOT_ALLOWED,
                    TIMEOUT_READING,
                    CONFLICT,
                    TOO_LARGE,
                    UNSUPPORTED_ENCODING,
                    INVALID,
                    HEADERS_TOO_LARGE ->
                    "invalid_request_error";
            case BUDGET_EXHAUSTED -> "insufficient_quota";
            case FORBIDDEN -> "permission_error";
            case LIMITED -> "rate_limit_error";
            case INTERNAL, UPSTREAM_FAILED, OVERLOADED, UPSTREAM_TIMEOUT -> "server_error";
        };
    }

    private static @Nullable String code(ErrorKind kind) {
        return switch (kind) {
            case BAD_REQUEST, FORBIDDEN, INTERNAL -> null;
            case CONTEXT_TOO_LONG -> "context_length_exceeded";
            case UNAUTHENTICATED -> "invalid_api_key";
            case BUDGET_EXHAUSTED -> "insufficient_quota";
            case NOT_FOUND -> "not_found";
            case METHOD_NOT_ALLOWED -> "method_not_allowed";
            case TIMEOUT_READING -> "request_timeout";
            case CONFLICT -> "conflict";
            case TOO_LARGE -> "request_too_large";
            case UNSUPPORTED_ENCODING -> "unsupported_encoding";
            case INVALID -> "invalid_value";
            case LIMITED -> "rate_limit_exceeded";
            case HEADERS_TOO_LARGE -> "headers_too_large";
            case UPSTREAM_FAILED -> "upstream_error";
            case OVERLOADED -> "overloaded";
            case UPSTREAM_TIMEOUT -> "timeout";
        };
    }
}
