package ee.lmstudio.http.openai;

import ee.lmstudio.http.events.RunResponses;
import ee.lmstudio.http.request.AcceptHeader;
import ee.lmstudio.http.request.StreamRequest;
import ee.lmstudio.run.Run;
import ee.lmstudio.run.Runs;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.AsyncResponse;
import jakarta.ws.rs.container.Suspended;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;

/** Resumes streams in OpenAI's format, and cancels them, below {@code /v1/streams}. */
@RequestScoped
@Path("streams/{id}")
public class OpenAiStreams {
  /** Names the stream of an answer. */
  static final String ID_HEADER = "X-Stream-Id";

  @Inject Runs runs;
  @Inject RunResponses responses;
  @Context SecurityContext security;
  @Context HttpHeaders headers;
  @Context HttpServletRequest request;

  @GET
  public void attach(
      @PathParam("id") String id,
      @QueryParam("cursor") String cursor,
      @Suspended AsyncResponse answer) {
    Run run = StreamRequest.find(runs, id, security);
    if (!AcceptHeader.of(headers).wantsEvents(true)) {
      run.presence().touch();
      responses.now(run, state -> state, request, answer);
      return;
    }
    long named = StreamRequest.cursor(request, cursor);
    long last = run.log().lastCursor();
    long after = named > last ? 0 : named;
    if (after > 0 && run.log().ended() && (after == last || after == lastShown(run.log()))) {
      answer.resume(Response.noContent().build());
      return;
    }
    // JAX-RS answers HEAD with this method, and a listener without a body would wait forever.
    if (request.getMethod().equals("HEAD")) {
      answer.resume(Response.ok().type(MediaType.SERVER_SENT_EVENTS_TYPE).build());
      return;
    }
    responses.attach(
        run,
        after > 0 ? after : lastReset(run.log()),
        OpenAiDialect.RESUMABLE,
        to -> to.setHeader(ID_HEADER, id),
        request,
        answer);
  }

  /** Cancels a stream, unless it has ended, and answers with its state. */
  @DELETE
  public void cancel(@PathParam("id") String id, @Suspended AsyncResponse answer) {
    Run run = StreamRequest.find(runs, id, security);
    if (run.log().ended()) {
      responses.now(run, state -> state, request, answer);
    } else {
      responses.cancel(run, state -> state, request, answer);
    }
  }

  /** Returns the cursor of the last entry that the client sees. */
  private static long lastShown(StreamLog log) {
    long last = log.lastCursor();
    boolean silentEnd =
        log.head().content().kind() == StreamContent.Kind.RELAYED
            && RelayDialect.isSilent(log, log.entry(last));
    return silentEnd ? last - 1 : last;
  }

  /** Returns the cursor of the last reset; 0 if there is none. What stands before it is void. */
  private static long lastReset(StreamLog log) {
    long cursor = log.lastCursor();
    while (cursor > 0 && !(log.entry(cursor).event() instanceof StreamEvent.Reset)) {
      cursor--;
    }
    return cursor;
  }
}
