/**
 * What every call to LM Studio leaves: one line of JSON on the logger {@code external}, one CDI
 * event {@link ee.lmstudio.telemetry.SdkCallCompleted}, and metrics. Start with {@link
 * ee.lmstudio.telemetry.CallTelemetry}, which the SDK of the application tells of its calls.
 *
 * <p>May import {@code sdk}.
 */
package ee.lmstudio.telemetry;
