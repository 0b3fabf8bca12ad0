/**
 * The only reader of MicroProfile Config. Start with {@link ee.lmstudio.config.ConfigKeys}, the one
 * table of all keys; {@link ee.lmstudio.config.SettingsReader} turns their values into {@link
 * ee.lmstudio.config.ServerSettings} and the SDK's settings. {@code ee.lmstudio.server} refuses to
 * start with wrong ones. Imports {@code ee.lmstudio.sdk}.
 */
package ee.lmstudio.config;
