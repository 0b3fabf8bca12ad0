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

/** Notes what the record of one call tells beside what its clocks know. One thread, the call's. */
public final class CallTrace {
  private final CallMethod method;
  private final Instant startedAt = Instant.now();
  private int streams;
  private int retries;
  private String model;
  private Tokens tokens;

  CallTrace(CallMethod method) {
    this.method = method;
  }

  /** A stream is about to be tried. */
  public void streamed() {
    streams++;
  }

  void retried() {
    retries++;
  }

  /** Who is asked; later, who answers. */
  public void model(String name) {
    model = name;
  }

  /** What the answer cost. */
  public void tokens(Tokens numbers) {
    tokens = numbers;
  }

  /**
   * The record of a call that is over.
   *
   * @param failure what it threw; null if it has a result
   * @param redaction cleans the model's name, which the server may have made up
   */
  CallRecord record(
      Throwable failure,
      TimeLimits clocks,
      OptionalInt status,
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
