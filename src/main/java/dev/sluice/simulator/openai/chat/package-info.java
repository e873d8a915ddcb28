/**
 * Chat Completions as OpenAI and the vendors that follow it speak it (wire-contract §1.1, §1.5).
 */
@NullMarked
package dev.sluice.simulator.openai.chat;

import org.jspecify.annotations.NullMarked;
