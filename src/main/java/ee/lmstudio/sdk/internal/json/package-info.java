/**
 * The JSON provider, which is looked up only once, lenient readers, and the checks of a request's
 * fields. Start with {@link ee.lmstudio.sdk.internal.json.JsonText}.
 */
package ee.lmstudio.sdk.internal.json;
