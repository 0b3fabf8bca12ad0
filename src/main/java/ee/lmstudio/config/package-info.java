/**
 * Reads the configuration. Only this package reads MicroProfile Config. Start with {@link
 * ee.lmstudio.config.ConfigKeys}, the table of all keys. {@link ee.lmstudio.config.SettingsReader}
 * turns their values into {@link ee.lmstudio.config.ServerSettings} and the SDK's settings. If a
 * value is invalid, {@code ee.lmstudio.server} refuses to start. Imports {@code ee.lmstudio.sdk}
 * and {@code ee.lmstudio.simulator}.
 */
package ee.lmstudio.config;
