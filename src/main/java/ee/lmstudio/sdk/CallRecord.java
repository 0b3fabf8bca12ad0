package ee.lmstudio.sdk;

import ee.lmstudio.sdk.error.LmStudioException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What became of one call. Holds no prompt, answer, key, header, body or query.
 *
 * <p>A call is whatever its caller got one result for: requests that the SDK makes on the way, such
 * as asking which model is loaded, second streams and retries, are part of it and have no record of
 * their own.
 *
 * @param method what was called
 * @param startedAt when
 * @param duration from the call to its result, waiting and retries included
 * @param firstToken from the call to the first text, reasoning or tool fragment of any attempt;
 *     empty if there was none
 * @param status HTTP status of the answer by which the call ended; empty if none came. What it
 *     could do without, such as a listing that this LM Studio does not offer, does not count
 * @param streams how many streams were tried; 0 for what is not streamed
 * @param retries how often an answer that invites it was asked for again
 * @param outcome how it ended
 * @param errorCode of a call that failed, {@link ee.lmstudio.sdk.error.LmStudioException#code()};
 *     {@code internal_error} if it was an exception of another kind, such as one of the observer's
 * @param model who answered, else who was asked; empty if nobody was named
 * @param tokens what the answer cost; empty if there was no answer, or none that costs any
 * @param actor for whom it was made, as {@link CallOptions#actor()} said
 * @param requestId of what it was a part, as {@link CallOptions#requestId()} said
 */
public record CallRecord(
    CallMethod method,
    Instant startedAt,
    Duration duration,
    Optional<Duration> firstToken,
    OptionalInt status,
    int streams,
    int retries,
    Outcome outcome,
    Optional<String> errorCode,
    Optional<String> model,
    Optional<Tokens> tokens,
    Optional<String> actor,
    Optional<String> requestId) {

  /** How a call ended. */
  public enum Outcome {
    /** With a result. */
    COMPLETED,
    /** With an exception; {@link CallRecord#errorCode()} says which. */
    FAILED,
    /** By its caller. */
    CANCELLED
  }

  /**
   * Numbers of tokens.
   *
   * @param prompt of the request
   * @param completion of the answer, reasoning included
   * @param synthesized true: LM Studio sent none, so they are the SDK's count and estimate
   */
  public record Tokens(int prompt, int completion, boolean synthesized) {}

  /**
   * A call that something around the SDK, such as a circuit breaker, refused just now: nothing was
   * sent.
   *
   * @param method which call
   * @param error what its caller gets instead of a result
   * @param options of the view that was called
   * @return its record
   */
  public static CallRecord refused(
      CallMethod method, LmStudioException error, CallOptions options) {
    return new CallRecord(
        method,
        Instant.now(),
        Duration.ZERO,
        Optional.empty(),
        OptionalInt.empty(),
        0,
        0,
        Outcome.FAILED,
        Optional.of(error.code()),
        Optional.empty(),
        Optional.empty(),
        options.actor(),
        options.requestId());
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if one is wrong; the message names it
   */
  public CallRecord {
    Objects.requireNonNull(method, "method");
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(duration, "duration");
    Objects.requireNonNull(firstToken, "firstToken");
    Objects.requireNonNull(status, "status");
    Objects.requireNonNull(outcome, "outcome");
    Objects.requireNonNull(errorCode, "errorCode");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(requestId, "requestId");
    if (errorCode.isPresent() != (outcome == Outcome.FAILED)) {
      throw new IllegalArgumentException(
          "errorCode is "
              + errorCode
              + " of a call that "
              + outcome
              + ": only what failed has one");
    }
  }
}
