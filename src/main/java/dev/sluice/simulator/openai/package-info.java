/** What all paths of OpenAI share: how errors, headers and lists of models look. */
@NullMarked
package dev.sluice.simulator.openai;

import org.jspecify.annotations.NullMarked;
