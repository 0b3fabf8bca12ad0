package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.FeatureUnavailableException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.PermanentException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One SDK call, whatever it sends: its switch, its time limits and its one budget of retries. Used
 * by one thread; only {@link #cancel} comes from others.
 */
public final class UpstreamCall implements AutoCloseable {
  private static final int CONNECTS = 2;
  private static final Duration BETWEEN_CONNECTS = Duration.ofMillis(250);

  /** Sends one request and reads its answer. */
  @FunctionalInterface
  public interface Sender<T, E extends Exception> {
    T send() throws IOException, E;
  }

  private final StopSwitch stop;
  private final TimeLimits limits;
  private final RetryBudget retries;
  private final boolean refusable;
  private final CallTrace trace;
  private final Upstream upstream;
  private final Consumer<UpstreamCall> onClose;
  private volatile Exchange exchange;

  private boolean checkedTheVersion;

  /** Of the last answer that was what was asked for. The call's thread only. */
  private OptionalInt status = OptionalInt.empty();

  /**
   * @param refusable whether it fails if the server is too old to be used
   */
  UpstreamCall(
      StopSwitch stop,
      TimeLimits limits,
      RetryBudget retries,
      boolean refusable,
      CallTrace trace,
      Upstream upstream,
      Consumer<UpstreamCall> onClose) {
    this.stop = stop;
    this.limits = limits;
    this.retries = retries;
    this.refusable = refusable;
    this.trace = trace;
    this.upstream = upstream;
    this.onClose = onClose;
  }

  /**
   * Does the work of the call, closes it, and tells the listener how it ended: once, whatever
   * happens.
   */
  public <T> T run(Function<UpstreamCall, T> work) {
    Throwable failure = null;
    try {
      return work.apply(this);
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    } finally {
      close();
      tell(failure);
    }
  }

  private void tell(Throwable failure) {
    OptionalInt last = status(failure != null);
    upstream.tell((options, redaction) -> trace.record(failure, limits, last, options, redaction));
  }

  /**
   * Status of the answer by which the call ended; empty if none came. What it could do without,
   * such as a listing that is not offered, does not count.
   */
  public OptionalInt status(boolean failed) {
    return failed && exchange != null ? exchange.status() : status;
  }

  /** Somebody else's call did the work of this one, and got this status. */
  public void answeredFor(OptionalInt shared) {
    status = shared;
  }

  /** What the record of this call shall tell. */
  public CallTrace trace() {
    return trace;
  }

  public StopSwitch stop() {
    return stop;
  }

  public TimeLimits limits() {
    return limits;
  }

  /** Returns true the first time: one call asks at most once whether the server is too old. */
  public boolean firstToCheckTheVersion() {
    boolean first = !checkedTheVersion;
    checkedTheVersion = true;
    return first;
  }

  Exchange exchange() {
    return exchange;
  }

  /** Whether the request that is being sent got a connection. */
  public boolean connected() {
    return exchange.connected();
  }

  /** Ends the call with a {@link CancelledException}; false if it had ended already. */
  public boolean cancel() {
    return stop.stop(new CancelledException("The caller cancelled", "Nothing to do.", null));
  }

  /** The connection failed in mid-answer: whoever answers next may be another server. */
  public void lost() {
    upstream.gate().lost();
  }

  /** Waits as part of the call. Nothing is awaited from LM Studio meanwhile. */
  public void pause(Duration time) {
    limits.nothingAwaited();
    stop.pause(time);
  }

  /**
   * The call has its result: it cannot be stopped any more.
   *
   * @throws LmStudioException if it was stopped before
   */
  public void end() {
    stop.end();
    stop.throwIfStopped();
  }

  /**
   * Returns if the server may be asked for {@code capability}.
   *
   * @throws FeatureUnavailableException if it has not
   */
  public void require(Capability capability) {
    upstream.gate().pass(capability, this);
  }

  /**
   * Sends what uses {@code capability}, if the server that is there has it, and remembers what its
   * answer shows.
   *
   * @throws FeatureUnavailableException if it has not, without sending where that is known
   * @throws LmStudioException what went wrong
   * @throws E what the sender throws of its own
   */
  public <T, E extends Exception> T send(Capability capability, Sender<T, E> sender) throws E {
    Gate gate = upstream.gate();
    require(capability);
    T answer;
    try {
      answer = send(sender);
    } catch (FeatureUnavailableException e) {
      gate.learned(capability, false);
      throw e;
    }
    gate.learned(capability, true);
    return answer;
  }

  /**
   * Sends, and sends again as long as the answer invites it and the budget lasts.
   *
   * @throws LmStudioException what went wrong
   * @throws E what the sender throws of its own
   */
  public <T, E extends Exception> T send(Sender<T, E> sender) throws E {
    while (true) {
      try {
        return connectTwice(sender);
      } catch (UnexpectedAnswerException e) {
        stop.throwIfStoppedOrInterrupted();
        LmStudioException error = upstream.errors().of(e.answer());
        // A 500 can say that the same request will always fail: too long, unknown model.
        Optional<Duration> pause =
            error instanceof PermanentException ? Optional.empty() : retries.pauseAfter(e.answer());
        if (pause.isEmpty()) {
          throw error;
        }
        trace.retried();
        pause(pause.get());
      } catch (IOException e) {
        throw unreachable("broke off", e);
      }
    }
  }

  /** What never got a connection was never posted, so it may be tried again. */
  private <T, E extends Exception> T connectTwice(Sender<T, E> sender) throws IOException, E {
    for (int connect = 1; ; connect++) {
      try {
        return once(sender);
      } catch (IOException e) {
        if (connected()) {
          throw e;
        }
        stop.throwIfStoppedOrInterrupted();
        lost();
        if (connect == CONNECTS) {
          throw unreachable("could not be made", e);
        }
        pause(BETWEEN_CONNECTS);
      }
    }
  }

  private <T, E extends Exception> T once(Sender<T, E> sender) throws IOException, E {
    refuse();
    stop.throwIfStopped();
    limits.nothingAwaited();
    exchange = new Exchange(stop, limits::posted, this::answered);
    try {
      T answer = sender.send();
      status = exchange.status();
      stop.throwIfStopped();
      return answer;
    } catch (RuntimeException e) {
      if (saysClosed(e) || saysClosed(e.getCause())) {
        stop.throwIfStopped();
      }
      throw e;
    }
  }

  /** So the client complains when the SDK is closed meanwhile: by itself, or from within HK2. */
  private static boolean saysClosed(Throwable complaint) {
    return complaint instanceof IllegalStateException;
  }

  /** A server that turns out to be too old is not listened to any further. */
  private void answered(String version) {
    upstream.gate().answered(version);
    refuse();
  }

  private void refuse() {
    if (refusable) {
      upstream.gate().refusal().ifPresent(stop::stop);
    }
  }

  private RuntimeException unreachable(String what, IOException cause) {
    stop.throwIfStoppedOrInterrupted();
    upstream.gate().lost();
    return Failures.unreachable(upstream.settings().baseUrl(), what, cause);
  }

  @Override
  public void close() {
    stop.end();
    limits.close();
    onClose.accept(this);
  }
}
