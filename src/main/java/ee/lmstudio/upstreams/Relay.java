package ee.lmstudio.upstreams;

import ee.lmstudio.sdk.CallMethod;
import ee.lmstudio.sdk.Secret;
import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.capability.Capability;
import ee.lmstudio.sdk.error.AnswerTooLargeException;
import ee.lmstudio.sdk.error.CancelledException;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.StreamingException;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.UnexpectedAnswerException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.json.Utf8;
import ee.lmstudio.sdk.internal.sse.EventTooLargeException;
import ee.lmstudio.sdk.internal.sse.PostEventSource;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.sse.InboundSseEvent;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Passes a request on to an endpoint of LM Studio whose format this server does not know, and
 * passes its answer back unchanged. The request is posted once: it is never tried again after a
 * break or after an error.
 */
public final class Relay implements StreamHandle {
  /**
   * A request that generates.
   *
   * @param path relative to LM Studio's address, such as {@code v1/responses}
   * @param query the query with its question mark, as the client sent it; may be empty
   * @param body the JSON, as the client sent it
   * @param streamed whether the body asks for a stream
   * @param model the model that the body names
   * @param headers headers that LM Studio gets, too
   */
  public record Request(
      String path,
      String query,
      String body,
      boolean streamed,
      Optional<String> model,
      Map<String, String> headers) {

    public Request {
      headers = Map.copyOf(headers);
    }

    /** Returns the path only, because the query and the body may be private. */
    @Override
    public String toString() {
      return "Request[" + path + "]";
    }
  }

  /**
   * An answer to a request that does not generate.
   *
   * @param json the body, as LM Studio sent it
   */
  public record Answer(int status, String json) {
    /** Returns the status only, because the body may be private. */
    @Override
    public String toString() {
      return "Answer[" + status + "]";
    }
  }

  /** Receives an answer, by the methods of this interface and of {@link StreamObserver}. */
  public interface Observer extends StreamObserver {
    /**
     * Receives the next event of a stream, or a whole answer that is not a stream.
     *
     * @param name the event's name; empty if it has none
     * @param data the event's data, or the body of the answer
     */
    void onRelayed(String name, String data);

    /** Handles the end of the answer, whose last event may be an error. No call follows. */
    void onRelayEnd();

    /**
     * Handles an error that LM Studio stated. No call follows.
     *
     * @param status its HTTP status
     * @param json its body, as LM Studio sent it, but without this server's API token
     * @param error the same as an exception, which the call throws
     */
    void onRefused(int status, String json, LmStudioException error);
  }

  /** Maximum number of bytes of one answer. */
  static final int MAX_BYTES = 16 << 20;

  /** Events that come while LM Studio still loads the model or reads the prompt. */
  private static final Set<String> BEFORE_TOKENS =
      Set.of(
          "response.created",
          "response.queued",
          "response.in_progress",
          "message_start",
          "ping",
          "keepalive");

  /** An API token that is shorter is not hidden: it may be a part of ordinary words. */
  private static final int SHORTEST_KEY = 4;

  /** The last events of the formats that name them. */
  private static final Set<String> LAST =
      Set.of(
          "response.completed",
          "response.incomplete",
          "response.failed",
          "response.cancelled",
          "message_stop",
          "error");

  /** The paths whose streams end with one of these events. */
  private static final Set<String> WITH_LAST = Set.of("v1/responses", "v1/messages");

  private static final String DONE = "[DONE]";

  private final Upstream upstream;
  private final Request request;
  private final Observer observer;
  private final UpstreamCall call;
  private volatile boolean posting;
  private Throwable fault;
  private long bytes;
  private boolean ended;

  Relay(Upstream upstream, Request request, Observer observer) {
    this.upstream = upstream;
    this.request = request;
    this.observer = observer;
    // Without a stream, LM Studio sends nothing until the answer is complete.
    this.call =
        request.streamed()
            ? upstream.generation(CallMethod.RELAY)
            : upstream.workOnce(CallMethod.RELAY);
  }

  /**
   * Sends a request that does not generate, and returns its answer.
   *
   * @param path relative to LM Studio's address, with an encoded query if there is one
   */
  static Answer send(Upstream upstream, String method, String path) {
    return upstream
        .plain(CallMethod.RELAY)
        .run(
            call -> {
              call.require(Capability.CHAT);
              HttpAnswer answer = call.send(() -> exchange(upstream, method, path, call));
              Answer checked = checked(upstream, answer);
              call.end();
              return checked;
            });
  }

  private static HttpAnswer exchange(
      Upstream upstream, String method, String path, UpstreamCall call) throws IOException {
    try (Response response =
        upstream.request(path, MediaType.APPLICATION_JSON, call).method(method)) {
      return HttpAnswer.read(response, MAX_BYTES);
    } catch (ProcessingException failed) {
      throw Failures.unwrap(failed);
    }
  }

  /**
   * Returns an answer that can be passed on.
   *
   * @throws LmStudioException if the answer is not JSON, is too large, concerns this server's own
   *     API token, or says that LM Studio has no such endpoint
   */
  private static Answer checked(Upstream upstream, HttpAnswer answer) {
    if (answer.status() == 200 && (answer.truncated() || JsonText.isTooWide(answer.text()))) {
      throw tooLarge();
    }
    JsonObject json = JsonText.readObject(answer.text()).orElse(null);
    boolean noEndpoint =
        json != null && answer.status() == 200 && json.get("error") instanceof JsonString;
    boolean ownToken = answer.status() == 401 || answer.status() == 403;
    boolean redirects = answer.status() >= 300 && answer.status() < 400;
    if (json == null || noEndpoint || ownToken || redirects) {
      throw upstream.errors().of(answer);
    }
    String text = answer.text();
    return new Answer(answer.status(), answer.status() < 400 ? text : withoutKey(upstream, text));
  }

  /** Hides this server's own API token, which an error of LM Studio or of a proxy may quote. */
  private static String withoutKey(Upstream upstream, String json) {
    return upstream
        .settings()
        .apiKey()
        .map(Secret::reveal)
        .filter(key -> key.length() >= SHORTEST_KEY)
        .map(key -> json.replace(key, "***"))
        .orElse(json);
  }

  private static AnswerTooLargeException tooLarge() {
    return new AnswerTooLargeException(
        "The answer is larger than " + MAX_BYTES + " bytes", "Ask for a shorter answer.", null);
  }

  @Override
  public boolean cancel() {
    return call.cancel();
  }

  @Override
  public boolean posted() {
    return posting && call.connected();
  }

  /**
   * Posts, and passes the answer to the observer.
   *
   * @throws LmStudioException if the answer is not complete. The observer was told before.
   */
  void run() {
    call.run(
        begun -> {
          relay();
          return null;
        });
  }

  private void relay() {
    try (call) {
      observer.onHandle(this);
      call.require(Capability.CHAT);
      request.model().ifPresent(call.trace()::model);
      if (request.streamed()) {
        call.trace().streamed();
      }
      call.send(
          () -> {
            posting = true;
            post();
            return null;
          });
      call.end();
    } catch (CancelledException cancelled) {
      observer.onCancelled();
      throw cancelled;
    } catch (LmStudioException error) {
      observer.onFailed(error);
      throw error;
    }
    observer.onRelayEnd();
  }

  private void post() throws IOException {
    fault = null; // This may be the second attempt to connect.
    String accept = request.streamed() ? MediaType.SERVER_SENT_EVENTS : MediaType.APPLICATION_JSON;
    Invocation.Builder builder = upstream.request(request.path() + request.query(), accept, call);
    request.headers().forEach(builder::header);
    PostEventSource source =
        new PostEventSource(
            builder, Entity.json(request.body()), call.stop(), new Signals(), Runnable::run);
    source.register(this::event, error -> fault = error);
    source.open();
    call.stop().throwIfStopped();
    switch (fault) {
      case null -> requireEnd();
      case UnexpectedAnswerException whole -> whole(whole.answer());
      case EventTooLargeException tooLarge ->
          throw Failures.notLmStudio(tooLarge.getMessage(), tooLarge);
      case IOException failed -> {
        if (!call.connected()) {
          throw failed;
        }
        if (!ended) {
          call.lost();
          throw broken("the connection failed", failed);
        }
      }
      case RuntimeException stated -> throw stated;
      default -> throw new IllegalStateException(fault);
    }
  }

  private void requireEnd() {
    if (!ended && WITH_LAST.contains(request.path())) {
      throw broken("it ended before the answer did", null);
    }
  }

  private static StreamingException broken(String how, IOException cause) {
    return new StreamingException(
        "The stream broke: " + how, "The answer is not complete. Send the request again.", cause);
  }

  private void whole(HttpAnswer answer) {
    Answer checked = checked(upstream, answer);
    if (checked.status() >= 400) {
      LmStudioException error = upstream.errors().of(answer);
      observer.onRefused(checked.status(), checked.json(), error);
      throw error;
    }
    observer.onAccepted();
    observer.onRelayed("", checked.json());
  }

  private void event(InboundSseEvent event) {
    call.stop().throwIfStopped();
    String name = event.getName().equals("message") ? "" : event.getName();
    String data = event.readData();
    bytes += Utf8.length(data) + name.length();
    if (bytes > MAX_BYTES) {
      throw tooLarge();
    }
    if (LAST.contains(name) || data.equals(DONE)) {
      ended = true;
      call.limits().answered();
    }
    if (BEFORE_TOKENS.contains(name)) {
      call.limits().event();
    } else {
      call.limits().token();
    }
    observer.onRelayed(name, data);
  }

  private final class Signals implements PostEventSource.Signals {
    @Override
    public void onOpen() {
      observer.onAccepted();
    }

    @Override
    public void onComment() {
      call.limits().comment();
    }

    @Override
    public boolean enough() {
      return ended;
    }
  }
}
