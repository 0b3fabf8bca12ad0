/**
 * The JSON provider, which is looked up only once, and lenient readers. Start with {@link
 * ee.lmstudio.sdk.internal.json.JsonText}.
 */
package ee.lmstudio.sdk.internal.json;
