/**
 * What OpenAI and its followers serve besides conversations: embeddings, legacy completions,
 * moderations, ranking, images, speech, transcription. Such tasks are only ever passed on: nothing
 * here translates. It knows where the model and the usage stand, and no more.
 */
@NullMarked
package dev.sluice.dialect.openai.tasks;

import org.jspecify.annotations.NullMarked;
