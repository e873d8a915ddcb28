/**
 * Where settings come from: a YAML file, a {@code .env} file and the environment, the environment
 * strongest. One table says which there are; whatever is wrong is reported all at once, each with
 * its place and its cure. It knows nothing of what a setting is for.
 */
@NullMarked
package dev.sluice.settings;

import org.jspecify.annotations.NullMarked;
