package ee.lmstudio.http.events;

import ee.lmstudio.http.AnswerThread;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorTable;
import ee.lmstudio.http.error.RelayedErrorException;
import ee.lmstudio.run.ListenerPlaces;
import ee.lmstudio.run.ListenerPlaces.Place;
import ee.lmstudio.run.Presence;
import ee.lmstudio.run.Run;
import ee.lmstudio.run.StartedRun;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * Answers HTTP requests with a run, in any dialect: with its event stream, or with the result when
 * the run has ended. Nothing that it writes waits for a client. The exceptions that it throws
 * become errors in the format of the route.
 */
@ApplicationScoped
public class RunResponses {
  /** A state with more characters counts as a listener while it is sent. */
  private static final int LONG = 64 * 1024;

  @Inject ListenerWatch watch;
  @Inject ListenerPlaces places;
  @Inject JsonAnswers answers;

  /**
   * Answers with the event stream of a run, unless the run fails before there is one.
   *
   * @param headers sets the headers that name the stream
   */
  public void start(
      StartedRun started,
      Dialect dialect,
      Consumer<HttpServletResponse> headers,
      HttpServletRequest request,
      AsyncResponse answer) {
    Run run = started.run();
    AsyncContext context = request.getAsyncContext();
    Place place = enter(started, caller(request));
    EventStreamResponse listener = listener(run, 0, dialect, context, answer, place);
    StreamLog log = run.log();
    log.whenBegun(
        () -> {
          if (log.refused()) {
            listener.abandon();
            AnswerThread.start(() -> answer.resume(failure(log.entry(1).event())));
          } else {
            begin(listener, headers, answer);
          }
        });
  }

  /**
   * Answers when the log of a run is open. If the run fails before that, answers with the failure.
   *
   * @param begun creates the answer
   */
  public void whenBegun(StartedRun started, Supplier<Response> begun, AsyncResponse answer) {
    StreamLog log = started.run().log();
    log.whenBegun(
        () ->
            AnswerThread.start(
                () -> {
                  if (log.refused()) {
                    answer.resume(failure(log.entry(1).event()));
                  } else {
                    answer.resume(begun.get());
                  }
                }));
  }

  /** The client that starts a run always has a place. Its repetitions count as listeners. */
  private Place enter(StartedRun started, String caller) {
    return started.replayed()
        ? places.enter(started.run(), caller)
        : places.enterAlways(started.run(), caller);
  }

  /**
   * Answers with the event stream of a run that has begun.
   *
   * @param after the cursor of the last entry that the client has; 0 if it has none
   * @param headers sets the headers that name the stream
   */
  public void attach(
      Run run,
      long after,
      Dialect dialect,
      Consumer<HttpServletResponse> headers,
      HttpServletRequest request,
      AsyncResponse answer) {
    AsyncContext context = request.getAsyncContext();
    Place place = places.enter(run, caller(request));
    begin(listener(run, after, dialect, context, answer, place), headers, answer);
  }

  private static String caller(HttpServletRequest request) {
    return request.getUserPrincipal().getName();
  }

  private EventStreamResponse listener(
      Run run,
      long after,
      Dialect dialect,
      AsyncContext context,
      AsyncResponse answer,
      Place place) {
    return new EventStreamResponse(
        context, run, after, dialect, watch, place, () -> JsonAnswers.release(answer));
  }

  /** Begins the event stream. If that fails, the answer is an error, never an empty 200. */
  static void begin(
      EventStreamResponse listener, Consumer<HttpServletResponse> headers, AsyncResponse answer) {
    try {
      listener.begin(headers);
    } catch (IOException | RuntimeException notBegun) {
      listener.abandon();
      answer.resume(notBegun);
    }
  }

  /**
   * Answers with the whole result when the run has completed.
   *
   * @param result creates the JSON answer of a run that completed
   */
  public void whenCompleted(
      StartedRun started,
      Function<Snapshot, Pieces> result,
      HttpServletRequest request,
      AsyncResponse answer) {
    Run run = started.run();
    AsyncContext context = request.getAsyncContext();
    Place place = enter(started, caller(request));
    WaitingClient waiting = new WaitingClient(run, context, watch);
    JsonAnswer json;
    try {
      json = json(run, place.caller(), context, answer, place::close);
    } catch (RuntimeException clientLeft) {
      waiting.close();
      throw clientLeft;
    }
    StreamLog log = run.log();
    log.whenEnded(
        () -> {
          waiting.close();
          send(json, log, () -> completed(log, result), answer);
        });
  }

  private static Pieces completed(StreamLog log, Function<Snapshot, Pieces> result) {
    StreamEvent last = log.entry(log.lastCursor()).event();
    if (last instanceof StreamEvent.Completed) {
      return result.apply(Snapshot.of(log));
    }
    throw failure(last);
  }

  /**
   * Cancels the run, and answers with its state when it has ended, whether it was cancelled or had
   * ended before. If other callers share the run and still wait for it, the run goes on, and the
   * answer is its current state.
   *
   * @param result creates the JSON answer of the state
   */
  public void cancel(
      Run run, UnaryOperator<Pieces> result, HttpServletRequest request, AsyncResponse answer) {
    String caller = caller(request);
    Run.Departure departure = run.cancelFor(caller);
    if (departure == Run.Departure.OTHERS_WAIT) {
      now(run, result, request, answer);
      return;
    }
    AsyncContext context = request.getAsyncContext();
    // A run can be cancelled once, so there is at most one such listener that is never refused.
    Place place =
        departure == Run.Departure.CANCELLED
            ? places.enterAlways(run, caller)
            : places.enter(run, caller);
    Frames frames = watch.join(run.log(), Dialect.API);
    JsonAnswer json = json(run, caller, context, answer, () -> leave(run, place));
    StreamLog log = run.log();
    log.whenEnded(() -> send(json, log, () -> result.apply(frames.state()), answer));
  }

  /**
   * Answers with the state of the run at this moment. If it is long, the client counts as a
   * listener until it has received the answer.
   *
   * @param result creates the JSON answer of the state
   */
  public void now(
      Run run, UnaryOperator<Pieces> result, HttpServletRequest request, AsyncResponse answer) {
    AsyncContext context = request.getAsyncContext();
    StreamLog log = run.log();
    String caller = caller(request);
    Place place = isLong(log) ? places.enter(run, caller) : null;
    Frames frames = watch.join(log, Dialect.API);
    JsonAnswer json = json(run, caller, context, answer, () -> leave(run, place));
    send(json, log, () -> result.apply(frames.state()), answer);
  }

  private void leave(Run run, Place place) {
    watch.leave(run.log(), Dialect.API);
    if (place != null) {
      place.close();
    }
  }

  private static boolean isLong(StreamLog log) {
    long last = log.lastCursor();
    return last > 0 && log.entry(last).textSoFar() > LONG;
  }

  /** Returns an answer that keeps the run's log until it was sent, or until memory is needed. */
  private JsonAnswer json(
      Run run, String caller, AsyncContext context, AsyncResponse answer, Runnable release) {
    return new JsonAnswer(
        context,
        watch,
        answers.share(caller),
        end -> {
          Presence.Visit visit = run.presence().read(end);
          return () -> {
            visit.close();
            release.run();
          };
        },
        () -> JsonAnswers.release(answer));
  }

  /** Sends a result. A long one is created on the thread that will write it. */
  private static void send(
      JsonAnswer json, StreamLog log, Supplier<Pieces> result, AsyncResponse answer) {
    Runnable begin =
        () -> {
          try {
            // Not for a client that has left while it waited for its turn.
            if (json.mayBegin()) {
              json.begin(result.get());
            }
          } catch (IOException | RuntimeException | Error notBegun) {
            json.abandon();
            AnswerThread.start(() -> answer.resume(notBegun));
          }
        };
    if (isLong(log)) {
      json.later(begin);
    } else {
      begin.run();
    }
  }

  /** Returns the exception for a run that ended without an answer. */
  private static RuntimeException failure(StreamEvent last) {
    return last instanceof StreamEvent.Failed(Failure failure)
        ? failure
            .answer()
            .<RuntimeException>map(own -> new RelayedErrorException(own, failure.retryAfter()))
            .orElseGet(() -> new ApiException(ErrorTable.of(failure)))
        : new CancelledException(
            "The stream was cancelled before it ended", "Send the request again.", null);
  }
}
