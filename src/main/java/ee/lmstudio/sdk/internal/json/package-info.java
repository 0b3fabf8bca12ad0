/** The JSON provider, looked up once. Start with {@link ee.lmstudio.sdk.internal.json.JsonText}. */
package ee.lmstudio.sdk.internal.json;
