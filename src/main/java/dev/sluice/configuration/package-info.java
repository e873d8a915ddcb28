/**
 * What is fixed for the life of the process: every setting of Sluice with its form and standard
 * value ({@link dev.sluice.configuration.SettingsTable}), the checked values in one record a
 * section ({@link dev.sluice.configuration.Settings}), and the version. How settings are found in
 * files and in the environment is the business of {@code settings}. It opens nothing and builds
 * nothing, and does not know what is built of it.
 */
@NullMarked
package dev.sluice.configuration;

import org.jspecify.annotations.NullMarked;
