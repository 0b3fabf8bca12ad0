/**
 * Which LM Studio can do what. Start with {@link ee.lmstudio.sdk.capability.CompatibilityMatrix},
 * the one table, and {@link ee.lmstudio.sdk.capability.ServerCapabilities}, what is known of the
 * server that is called. Imports nothing of this project but the JSON provider.
 */
package ee.lmstudio.sdk.capability;
