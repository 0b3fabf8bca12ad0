/**
 * The capabilities of LM Studio's versions. Start with {@link
 * ee.lmstudio.sdk.capability.CompatibilityMatrix}, the table of versions, and {@link
 * ee.lmstudio.sdk.capability.ServerCapabilities}, which describes the server in use. This package
 * imports nothing of this project except the JSON provider.
 */
package ee.lmstudio.sdk.capability;
