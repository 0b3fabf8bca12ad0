package ee.lmstudio.sdk;

import ee.lmstudio.sdk.error.LmStudioException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Describes one call after it has ended. A record holds no prompt, answer, key, header, body or
 * query.
 *
 * <p>One method call of the caller is one record. Requests that the SDK sends on behalf of that
 * call, such as asking which model is loaded, second streams and retries, have no record of their
 * own.
 *
 * @param method the method that was called
 * @param startedAt the time at which the call started
 * @param duration time from the call to its result, including waiting and retries
 * @param firstToken time from the call to the first text, reasoning or tool fragment of any
 *     attempt; empty if there was none
 * @param status HTTP status of the answer that decided the call; empty if no answer came. Optional
 *     requests, such as one for a listing that this LM Studio does not offer, do not count
 * @param streams number of streams that were tried; 0 for calls that are not streamed
 * @param retries number of requests that were repeated because the status of the answer allowed a
 *     retry
 * @param requests number of requests that were sent for the call, including second streams, retries
 *     and attempts to connect
 * @param outcome how the call ended
 * @param errorCode {@link ee.lmstudio.sdk.error.LmStudioException#code()} if the call failed;
 *     {@code internal_error} for an exception of another type, such as one from the observer
 * @param model the model that answered, or else the model that was requested; empty if neither is
 *     known
 * @param requestedModel the model that the call was sent for; empty if it names none
 * @param tokens the tokens that the answer used; empty if there was no answer, or if answers of
 *     this method use no tokens
 * @param delivery how the answer of a generation arrived
 * @param actor the value of {@link CallOptions#actor()}
 * @param requestId the value of {@link CallOptions#requestId()}
 */
public record CallRecord(
    CallMethod method,
    Instant startedAt,
    Duration duration,
    Optional<Duration> firstToken,
    OptionalInt status,
    int streams,
    int retries,
    int requests,
    Outcome outcome,
    Optional<String> errorCode,
    Optional<String> model,
    Optional<String> requestedModel,
    Optional<Tokens> tokens,
    Delivery delivery,
    Optional<String> actor,
    Optional<String> requestId) {

  /** How a call ended. */
  public enum Outcome {
    /** The call returned a result. */
    COMPLETED,
    /** The call threw an exception; see {@link CallRecord#errorCode()}. */
    FAILED,
    /** The caller cancelled the call. */
    CANCELLED
  }

  /**
   * Holds numbers of tokens.
   *
   * @param prompt tokens of the prompt
   * @param completion tokens of the answer, including reasoning
   * @param synthesized true if LM Studio sent no numbers, so that the SDK counted and estimated
   *     them
   */
  public record Tokens(int prompt, int completion, boolean synthesized) {}

  /**
   * Describes how the answer of a generation arrived.
   *
   * @param chunks number of events with text, reasoning or a tool fragment, of all streams together
   * @param chunkTime time from the first of these events to the last one; zero if there are fewer
   *     than two
   * @param finishReason why the answer ended, such as {@code stop}; empty if there was no answer
   * @param downgrade {@link ee.lmstudio.sdk.model.Downgrade#reason()} if the answer was not
   *     streamed
   */
  public record Delivery(
      int chunks, Duration chunkTime, Optional<String> finishReason, Optional<String> downgrade) {
    /** Nothing arrived, or the call is not a generation. */
    public static final Delivery NONE =
        new Delivery(0, Duration.ZERO, Optional.empty(), Optional.empty());

    /** Checks that no value is missing. */
    public Delivery {
      Objects.requireNonNull(chunkTime, "chunkTime");
      Objects.requireNonNull(finishReason, "finishReason");
      Objects.requireNonNull(downgrade, "downgrade");
    }
  }

  /**
   * Creates the record of a call that was refused just now, before anything was sent, by code
   * around the SDK such as a circuit breaker.
   *
   * @param method the method that was called
   * @param error the exception that the caller receives
   * @param options the options of the view that was called
   * @return the record
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
        0,
        Outcome.FAILED,
        Optional.of(error.code()),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Delivery.NONE,
        options.actor(),
        options.requestId());
  }

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is invalid; the message names the value
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
    Objects.requireNonNull(requestedModel, "requestedModel");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(actor, "actor");
    Objects.requireNonNull(requestId, "requestId");
    if (errorCode.isPresent() != (outcome == Outcome.FAILED)) {
      throw new IllegalArgumentException(
          "errorCode is "
              + errorCode.map(code -> "'" + code + "'").orElse("empty")
              + ", but outcome is "
              + outcome
              + ". Every failed call has an errorCode, and no other call has one");
    }
  }
}
