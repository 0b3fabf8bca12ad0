package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.CallOptions;
import ee.lmstudio.sdk.CallRecord;
import ee.lmstudio.sdk.CallRecord.Outcome;
import ee.lmstudio.sdk.CallRecord.Tokens;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Collects the values for the record of one call, except its times. Used only by the call's thread.
 */
public final class CallTrace {
  private final CallMethod method;
  private final Instant startedAt = Instant.now();
  private int streams;
  private String model;
  private Tokens tokens;

  CallTrace(CallMethod method) {
    this.method = method;
  }

  /** Notes that a stream is about to be tried. */
  public void streamed() {
    streams++;
  }

  /** Sets the requested model, and later the model that answers. */
  public void model(String name) {
    model = name;
  }

  /** Sets the numbers of tokens of the answer. */
  public void tokens(Tokens numbers) {
    tokens = numbers;
  }

  /**
   * Creates the record of a call that has ended.
   *
   * @param failure the exception of the call; null if it has a result
   * @param redaction cleans the model's name, which comes from the server
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
        outcome,
        outcome == Outcome.FAILED ? Optional.of(code(failure)) : Optional.empty(),
        Optional.ofNullable(model).filter(name -> !name.isEmpty()).map(redaction::clean),
        Optional.ofNullable(tokens),
        options.actor(),
        options.requestId());
  }

  private static String code(Throwable failure) {
    return failure instanceof LmStudioException stated ? stated.code() : "internal_error";
  }
}
