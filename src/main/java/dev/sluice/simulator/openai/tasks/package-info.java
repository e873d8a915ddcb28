/**
 * What OpenAI and its followers serve besides conversations: embeddings, legacy completions,
 * moderations, ranking, images, speech and transcription.
 */
@NullMarked
package dev.sluice.simulator.openai.tasks;

import org.jspecify.annotations.NullMarked;
