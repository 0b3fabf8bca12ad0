package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.CallRecord.Delivery;
import ee.lmstudio.sdk.CallRecord.Outcome;
import ee.lmstudio.sdk.CallRecord.Tokens;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Collects the values for the record of one call, except its times. Used only by the call's thread.
 */
public final class CallTrace {
  /** LM Studio could send anything as a reason, and telemetry must not repeat texts. */
  private static final Pattern WORD = Pattern.compile("[A-Za-z_]{1,40}");

  private final CallMethod method;
  private final Instant startedAt = Instant.now();
  private int requests;
  private int streams;
  private String requestedModel;
  private String model;
  private String finishReason;
  private String downgrade;
  private Tokens tokens;

  CallTrace(CallMethod method) {
    this.method = method;
  }

  /** Notes that a request is about to be sent. */
  void requested() {
    requests++;
  }

  /** Notes that a stream is about to be tried. */
  public void streamed() {
    streams++;
  }

  /** Sets the requested model, and later the model that answers. */
  public void model(String name) {
    if (requestedModel == null) {
      requestedModel = name;
    }
    model = name;
  }

  /** Sets why the answer ended. A text that is not a plain word is not kept. */
  public void finished(String reason) {
    finishReason = reason != null && WORD.matcher(reason).matches() ? reason : null;
  }

  /** Sets why the answer does not come as a stream. */
  public void downgraded(String reason) {
    downgrade = reason;
  }

  /** Sets the numbers of tokens of the answer. */
  public void tokens(Tokens numbers) {
    tokens = numbers;
  }

  /**
   * Creates the record of a call that has ended.
   *
   * @param failure the exception of the call; null if it has a result
   * @param redaction cleans names that come from the server
   */
  CallRecord record(
      Throwable failure,
      TimeLimits clocks,
      OptionalInt status,
      int retries,
      CallOptions options,
      Redaction redaction) {
    Outcome outcome =
        switch (failure) {
          case null -> Outcome.COMPLETED;
          case CancelledException cancelled -> Outcome.CANCELLED;
          default -> Outcome.FAILED;
        };
    return new CallRecord(
        method,
        startedAt,
        clocks.elapsed(),
        clocks.firstToken(),
        status,
        streams,
        retries,
        requests,
        outcome,
        outcome == Outcome.FAILED ? Optional.of(code(failure)) : Optional.empty(),
        named(model).map(redaction::clean),
        named(requestedModel).map(redaction::clean),
        Optional.ofNullable(tokens),
        new Delivery(
            clocks.tokens(),
            clocks.tokenTime(),
            named(finishReason),
            Optional.ofNullable(downgrade)),
        options.actor(),
        options.requestId());
  }

  private static Optional<String> named(String name) {
    return Optional.ofNullable(name).filter(some -> !some.isEmpty());
  }

  private static String code(Throwable failure) {
    return failure instanceof LmStudioException stated ? stated.code() : "internal_error";
  }
}
