/**
 * Records every call to LM Studio: one line of JSON on the logger {@code external}, one CDI event
 * {@link ee.lmstudio.telemetry.SdkCallCompleted}, and metrics. Start with {@link
 * ee.lmstudio.telemetry.CallTelemetry}, which receives the records from the application's SDK.
 *
 * <p>May import {@code json} and {@code sdk}.
 */
package ee.lmstudio.telemetry;
