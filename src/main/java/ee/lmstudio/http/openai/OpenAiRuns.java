package ee.lmstudio.http.openai;

import ee.lmstudio.config.ServerSettings;
import ee.lmstudio.http.error.RequestId;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.http.events.RunResponses;
import ee.lmstudio.http.request.IdempotencyKey;
import ee.lmstudio.run.RunRequest;
import ee.lmstudio.run.Runs;
import ee.lmstudio.run.StartedRun;
import ee.lmstudio.run.Work;
import ee.lmstudio.stream.StreamLog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.container.AsyncResponse;
import java.util.Optional;
import java.util.function.Function;

/** Starts the generations of the OpenAI door, and answers with what they generate. */
@ApplicationScoped
public class OpenAiRuns {
  @Inject Runs runs;
  @Inject ServerSettings settings;
  @Inject RunResponses responses;

  /** Returns whether a body asks for a stream. */
  static boolean asksForAStream(JsonObject body) {
    return body.get("stream") == JsonValue.TRUE;
  }

  /**
   * Starts a run, or finds the one that the same {@code Idempotency-Key} has started. Answers with
   * its stream, or with the whole answer when it is complete.
   *
   * @param work is released here unless this call starts a run with it
   * @param query the query that is passed on, with its question mark; empty if there is none
   * @param whole creates the whole answer from the log of a run that has completed; empty if the
   *     client wants the stream
   */
  void start(
      Work work,
      String query,
      JsonObject body,
      Optional<Function<StreamLog, Pieces>> whole,
      HttpServletRequest request,
      HttpServletResponse response,
      AsyncResponse answer) {
    StartedRun started = null;
    try {
      RunRequest wanted =
          new RunRequest(
              work,
              request.getUserPrincipal().getName(),
              RequestId.of(request),
              OrphanGrace.of(request, settings),
              Runs.Opens.WHEN_ACCEPTED_OR_LATE);
      started = IdempotencyKey.start(runs, wanted, query, body, request, response);
    } finally {
      if (started == null || started.replayed()) {
        work.release();
      }
    }
    response.setHeader(OpenAiStreams.ID_HEADER, started.run().id());
    if (whole.isEmpty()) {
      responses.start(started, OpenAiDialect.of(request), to -> {}, request, answer);
    } else {
      StreamLog log = started.run().log();
      responses.whenCompleted(started, snapshot -> whole.get().apply(log), request, answer);
    }
  }
}
