package ee.lmstudio.sdk.internal.http;

import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.ConnectionException;
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
 * Holds the state of one SDK call: its stop switch, its time limits and its retry budget. Used by
 * one thread; other threads may only {@link #cancel} it, and read its status and its retries.
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

  /** Status of the last successful answer. */
  private volatile OptionalInt status = OptionalInt.empty();

  /**
   * @param refusable whether the call fails if the server is too old
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

  /** Does the work of the call, closes it, and reports its end to the listener exactly once. */
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
    upstream.tell(
        (options, redaction) ->
            trace.record(failure, limits, last, retries.used(), options, redaction));
  }

  /**
   * Returns the status of the answer that decided the call; empty if no answer came. Optional
   * requests, such as one for a listing that the server does not offer, do not count.
   */
  public OptionalInt status(boolean failed) {
    Exchange last = exchange;
    return failed && last != null ? last.status() : status;
  }

  /**
   * Takes the status and the retries of a call that did the work of this call.
   *
   * @param other the call that did the work; null if it has not begun
   * @param failed whether this call got no result
   */
  void answeredBy(UpstreamCall other, boolean failed) {
    exchange = null;
    status = other == null ? OptionalInt.empty() : other.status(failed);
    retries.use(other == null ? 0 : other.retries.used());
  }

  /** Returns how many retries are left of the call's budget. */
  public int retriesLeft() {
    return retries.left();
  }

  /** Returns whether the call fails if the server is too old. */
  public boolean refusable() {
    return refusable;
  }

  /** Returns the values for the record of this call. */
  public CallTrace trace() {
    return trace;
  }

  public StopSwitch stop() {
    return stop;
  }

  public TimeLimits limits() {
    return limits;
  }

  /**
   * Returns true on the first call, because one SDK call checks the server's version at most once.
   */
  public boolean firstToCheckTheVersion() {
    boolean first = !checkedTheVersion;
    checkedTheVersion = true;
    return first;
  }

  Exchange exchange() {
    return exchange;
  }

  /** Returns whether the current request has a connection. */
  public boolean connected() {
    return exchange.connected();
  }

  /**
   * Ends the call with a {@link CancelledException}. Returns false if the call has already ended.
   */
  public boolean cancel() {
    return stop.stop(
        new CancelledException("The caller cancelled the call", "Nothing to do.", null));
  }

  /**
   * Notes that the connection failed in the middle of an answer, so that the next answer may come
   * from another server.
   */
  public void lost() {
    upstream.gate().lost();
  }

  /** Waits as part of the call. Only the limit of the whole call applies meanwhile. */
  public void pause(Duration time) {
    limits.nothingAwaited();
    stop.pause(time);
  }

  /**
   * Ends the call with its result, so that it can no longer be stopped.
   *
   * @throws LmStudioException if the call was stopped before
   */
  public void end() {
    stop.end();
    stop.throwIfStopped();
  }

  /**
   * Returns normally if the server may be asked for {@code capability}.
   *
   * @throws FeatureUnavailableException if the server does not have it
   */
  public void require(Capability capability) {
    upstream.gate().pass(capability, this);
  }

  /**
   * Sends a request that uses {@code capability}, if the server has it, and remembers what the
   * answer shows.
   *
   * @throws FeatureUnavailableException if the server does not have it; if that is already known,
   *     nothing is sent
   * @throws LmStudioException if the request failed
   * @throws E if the sender throws it
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
   * Sends a request, and retries as long as the status of the answer allows a retry and the budget
   * lasts.
   *
   * @throws LmStudioException if the request failed
   * @throws E if the sender throws it
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
        pause(pause.get());
      } catch (IOException e) {
        stop.throwIfStoppedOrInterrupted();
        lost();
        throw unreachable("broke off", Failures.ofBody(e));
      }
    }
  }

  /**
   * Sends a request, with a second attempt if the first got no connection: without a connection,
   * nothing was posted.
   */
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
    trace.requested();
    exchange = new Exchange(stop, limits::posted, this::answered);
    try {
      T answer = sender.send();
      status = exchange.status();
      stop.throwIfStopped();
      return answer;
    } catch (NotHttpException notHttp) {
      throw notHttp.stated(upstream.errors().redaction());
    } catch (RuntimeException e) {
      if (saysClosed(e) || saysClosed(e.getCause())) {
        stop.throwIfStopped();
      }
      throw e;
    }
  }

  /**
   * Returns whether this is the client's exception after the SDK was closed; it comes from the
   * client or from HK2.
   */
  private static boolean saysClosed(Throwable complaint) {
    return complaint instanceof IllegalStateException;
  }

  /** Stops the call if the server turns out to be too old. */
  private void answered(String version) {
    upstream.gate().answered(version);
    refuse();
  }

  private void refuse() {
    if (refusable) {
      upstream.gate().refusal().ifPresent(stop::stop);
    }
  }

  private ConnectionException unreachable(String what, IOException cause) {
    return Failures.unreachable(
        upstream.settings().baseUrl(), what, cause, upstream.errors().redaction());
  }

  @Override
  public void close() {
    stop.end();
    limits.close();
    onClose.accept(this);
  }
}
