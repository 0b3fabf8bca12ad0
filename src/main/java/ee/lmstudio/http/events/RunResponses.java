package ee.lmstudio.http.events;

import ee.lmstudio.http.AnswerThread;
import ee.lmstudio.http.error.ApiException;
import ee.lmstudio.http.error.ErrorTable;
import ee.lmstudio.run.ListenerPlaces;
import ee.lmstudio.run.ListenerPlaces.Place;
import ee.lmstudio.run.Run;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.server.GrizzlyRequest;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.CompletionCallback;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.function.Function;

/**
 * Answers HTTP requests with a run, in any dialect: with its event stream, or with the result when
 * the run has ended. Results are written on a thread of their own: a client that reads slowly must
 * not delay the last event of the others. The exceptions that it throws become errors in the format
 * of the route.
 */
@ApplicationScoped
public class RunResponses {
  /** A state with more characters counts as a listener while it is sent. */
  private static final int LONG = 64 * 1024;

  @Inject ListenerWatch watch;
  @Inject ListenerPlaces places;

  /** Answers with the event stream of a new run, unless the run fails before there is one. */
  public void start(
      Run run, Dialect dialect, String location, HttpServletRequest request, AsyncResponse answer) {
    Place place = places.enterAlways(run, caller(request));
    EventStreamResponse listener = listener(run, 0, dialect, request, answer, place);
    StreamLog log = run.log();
    log.whenBegun(
        () -> {
          if (log.refused()) {
            listener.abandon();
            answer.resume(failure(log.entry(1).event()));
          } else {
            begin(listener, location, answer);
          }
        });
  }

  /**
   * Answers with the event stream of a run that has begun.
   *
   * @param after the cursor of the last entry that the client has; 0 if it has none
   */
  public void attach(
      Run run,
      long after,
      Dialect dialect,
      String location,
      HttpServletRequest request,
      AsyncResponse answer) {
    Place place = places.enter(run, caller(request));
    begin(listener(run, after, dialect, request, answer, place), location, answer);
  }

  private static String caller(HttpServletRequest request) {
    return request.getUserPrincipal().getName();
  }

  private EventStreamResponse listener(
      Run run,
      long after,
      Dialect dialect,
      HttpServletRequest request,
      AsyncResponse answer,
      Place place) {
    return new EventStreamResponse(
        request.getAsyncContext(),
        run,
        after,
        dialect,
        watch,
        place,
        // Releases the request. The answer was already written without JAX-RS.
        () -> answer.resume(Response.ok().build()));
  }

  /** Begins the event stream. If that fails, the answer is an error, never an empty 200. */
  static void begin(EventStreamResponse listener, String location, AsyncResponse answer) {
    try {
      listener.begin(location);
    } catch (IOException | RuntimeException notBegun) {
      listener.abandon();
      answer.resume(notBegun);
    }
  }

  /**
   * Answers with the whole result when the run has completed. If the client leaves before that, the
   * run is cancelled.
   *
   * @param result creates the answer of a run that completed
   */
  public void whenCompleted(
      Run run,
      Function<Snapshot, Response> result,
      HttpServletRequest request,
      AsyncResponse answer) {
    WaitingClient waiting = new WaitingClient(run, request.getAsyncContext(), watch);
    sendInPieces(request);
    run.log()
        .whenEnded(
            () ->
                AnswerThread.resume(
                    answer,
                    () -> {
                      waiting.close();
                      return completed(run.log(), result);
                    }));
  }

  private static Response completed(StreamLog log, Function<Snapshot, Response> result) {
    StreamEvent last = log.entry(log.lastCursor()).event();
    if (last instanceof StreamEvent.Completed) {
      return result.apply(Snapshot.of(log));
    }
    throw failure(last);
  }

  /** Answers when the run has ended, in whatever way. */
  public void whenEnded(
      Run run,
      Function<Snapshot, Response> result,
      HttpServletRequest request,
      AsyncResponse answer) {
    StreamLog log = run.log();
    releasing(places.enterAlways(run, caller(request)), answer);
    sendInPieces(request);
    log.whenEnded(() -> AnswerThread.resume(answer, () -> result.apply(Snapshot.of(log))));
  }

  /**
   * Answers with the state of the run at this moment. If it is long, the client counts as a
   * listener until it has received the answer.
   */
  public void now(
      Run run,
      Function<Snapshot, Response> result,
      HttpServletRequest request,
      AsyncResponse answer) {
    StreamLog log = run.log();
    if (log.entry(log.lastCursor()).textSoFar() > LONG) {
      releasing(places.enter(run, caller(request)), answer);
    }
    sendInPieces(request);
    AnswerThread.resume(answer, () -> result.apply(Snapshot.of(log)));
  }

  /** Gives the place back when the answer was sent, or could not be. */
  private static void releasing(Place place, AsyncResponse answer) {
    answer.register((CompletionCallback) failure -> place.close());
  }

  private static void sendInPieces(HttpServletRequest request) {
    GrizzlyRequest.of(request).limitUnread(Pieces.PIECE);
  }

  /** Returns the exception for a run that ended without an answer. */
  private static RuntimeException failure(StreamEvent last) {
    return last instanceof StreamEvent.Failed(Failure failure)
        ? new ApiException(ErrorTable.of(failure))
        : new CancelledException(
            "The stream was cancelled before it ended", "Send the request again.", null);
  }
}
