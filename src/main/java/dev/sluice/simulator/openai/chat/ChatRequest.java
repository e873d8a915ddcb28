package dev.sluice.simulator.openai.chat;

import dev.sluice.simulator.script.Ask;

/** What a body of {@code /v1/chat/completions} asks for. */
record ChatRequest(Ask ask, boolean stream, boolean wantsUsage) {}
