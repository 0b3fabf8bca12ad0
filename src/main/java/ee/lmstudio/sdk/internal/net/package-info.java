/**
 * The hosts that the SDK may call. Start with {@link ee.lmstudio.sdk.internal.net.AllowedHosts}.
 * Imports {@code ee.lmstudio.sdk.error} and the JDK.
 */
package ee.lmstudio.sdk.internal.net;
