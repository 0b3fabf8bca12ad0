package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.ErrorAnswers;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.TimeLimits;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.sse.PostEventSource;
import ee.lmstudio.sdk.internal.sse.ServerSentEvent;
import ee.lmstudio.sdk.model.Delta;
import jakarta.json.JsonValue;
import java.util.Optional;

/** What one post brings, read as OpenAI's stream or as one whole answer. */
final class Attempt implements PostEventSource.Listener {
  /** So much may come without saying anything. */
  private static final int MAX_SILENT_BYTES = 64 << 20;

  private final boolean streamed;
  private final AnswerBuilder answer;
  private final Shown shown;
  private final UpstreamCall call;
  private final TimeLimits limits;
  private final ErrorAnswers errors;
  private final boolean strictModel;
  private boolean done;
  private boolean ended;
  private int silentBytes;
  private BrokenStreamException broken;

  /**
   * @param streamed whether a stream was asked for
   * @param shown where to show what comes
   */
  Attempt(
      boolean streamed, AnswerBuilder answer, Shown shown, UpstreamCall call, Upstream upstream) {
    this.streamed = streamed;
    this.answer = answer;
    this.shown = shown;
    this.call = call;
    this.limits = call.limits();
    this.errors = upstream.errors();
    this.strictModel = upstream.settings().strictModel();
  }

  @Override
  public void onHeaders(HttpAnswer head) {
    answer.headers(head.headers());
    if (!streamed && head.status() == 200) {
      limits.nothingAwaited();
    }
  }

  @Override
  public void onOpen() {
    shown.accepted();
  }

  @Override
  public void onBytes(int count) {
    silentBytes += count;
    if (silentBytes > MAX_SILENT_BYTES) {
      throw new ProtocolException(
          "LM Studio sent over " + MAX_SILENT_BYTES + " bytes without a piece of an answer",
          "Is there a proxy, or another program on this port?",
          null);
    }
  }

  @Override
  public void onComment() {
    limits.comment();
  }

  @Override
  public void onOtherField(String name, String value) {
    if (done) {
      return;
    }
    if (name.equals("error")) {
      throw errorFrame(value);
    }
    if (name.startsWith("\"")) {
      // The standard ignores such a line. But here it is the rest of a chunk that lost its brace to
      // a line end; what remains before it is data without a word, which says nothing by itself.
      broken(new BrokenStreamException("A line of the stream is no field", null));
    }
  }

  @Override
  public void onEvent(ServerSentEvent event) {
    if (done) {
      return;
    }
    // What was read with the last bytes is not shown once the call was stopped.
    call.stop().throwIfStopped();
    if (ended) {
      unfinished(event);
      return;
    }
    if (event.isEmpty() && event.getName().equals("message")) {
      // As some servers and proxies keep a connection alive.
      onComment();
      return;
    }
    limits.event();
    switch (event.getName()) {
      case "message" -> chunk(event.readData());
      case "error" -> throw errorFrame(event.readData());
      default -> {
        // Lifecycle events of newer servers: not part of the answer.
      }
    }
  }

  @Override
  public boolean onEnd() {
    ended = true;
    return !answer.finished();
  }

  /** Of what may be cut only that is believed which ends the stream, for good or for bad. */
  private void unfinished(ServerSentEvent event) {
    String data = event.readData();
    if (event.getName().equals("error")) {
      throw errorFrame(data);
    }
    done = saysDone(data);
    JsonText.readObject(data)
        .filter(chunk -> !JsonText.isAbsent(chunk, "error"))
        .ifPresent(
            chunk -> {
              throw errors.ofFrame(chunk);
            });
  }

  private static boolean saysDone(String data) {
    return data.strip().equals("[DONE]");
  }

  private void chunk(String data) {
    if (saysDone(data)) {
      done = true;
      return;
    }
    try {
      Chunk chunk = ChunkReader.read(data, answer.model() == null, answer.lacksFields());
      if (!chunk.hasChoices()) {
        throwIfError(data);
      }
      take(chunk);
    } catch (BrokenStreamException e) {
      broken(e);
    }
  }

  /** What follows the end of the answer does no harm to it. */
  private void broken(BrokenStreamException why) {
    broken = answer.finished() ? null : why;
    done = true;
  }

  /** Some servers state an error in the stream without a field {@code error} around it. */
  private void throwIfError(String data) {
    JsonText.readObject(data)
        .filter(
            chunk ->
                JsonText.string(chunk, "object").equals(Optional.of("error"))
                    || (!chunk.containsKey("choices")
                        && !chunk.containsKey("object")
                        && (JsonText.string(chunk, "message").isPresent()
                            || JsonText.string(chunk, "detail").isPresent())))
        .ifPresent(
            error -> {
              throw errors.ofFrame(error);
            });
  }

  private void take(Chunk chunk) {
    if (chunk.rare() != null && chunk.rare().error != null) {
      throw errors.ofFrame(chunk.rare().error);
    }
    boolean first = answer.model() == null;
    answer.add(chunk);
    if (first && answer.model() != null) {
      if (strictModel && answer.byAnotherModel()) {
        throw new ModelNotFoundException(
            answer.modelWarning(),
            "Load the model that was asked for, or set `strictModel(false)`.",
            null);
      }
      shown.model(answer.model());
      // The observer may have cancelled.
      call.stop().throwIfStopped();
    }
    if (answer.finished()) {
      limits.answered();
    }
    Delta delta = chunk.delta();
    if (!delta.nothing()) {
      silentBytes = 0;
      limits.token();
      show(answer.add(delta));
    }
  }

  private void show(Delta delta) {
    if (!delta.nothing()) {
      shown.delta(delta);
    }
  }

  /** The answer is whole: shows what was held back. */
  void showTheRest() {
    show(answer.rest());
  }

  private LmStudioException errorFrame(String data) {
    JsonValue frame = JsonText.read(data).orElseGet(() -> JsonText.JSON.createValue(data));
    return errors.ofFrame(frame);
  }

  @Override
  public boolean enough() {
    return done;
  }

  /**
   * The stream ended without a fault of the connection. Was it whole?
   *
   * @throws BrokenStreamException if it was cut
   * @throws ProtocolException if it said nothing at all
   */
  void checkWhole() throws BrokenStreamException {
    if (broken != null) {
      throw broken;
    }
    if (answer.finished()) {
      return;
    }
    if (!done) {
      throw new BrokenStreamException("The stream ended before the answer did", null);
    }
    if (!answer.hasText()) {
      throw new ProtocolException(
          "LM Studio ended its answer without a single piece of it",
          "Often the prompt is longer than the model's context length: shorten it, or load the"
              + " model with more context.",
          null);
    }
  }

  /** The connection failed. It matters not if the answer was whole. */
  void checkWholeAfter(Exception fault) throws BrokenStreamException {
    if (!done && !answer.finished()) {
      throw new BrokenStreamException("The connection failed", fault);
    }
    checkWhole();
  }

  /**
   * Takes an answer that is no stream as the whole answer.
   *
   * @throws LmStudioException if it is an error, or nothing that LM Studio sends
   * @throws BrokenStreamException never for an answer with a whole JSON body
   */
  void takeWhole(HttpAnswer whole, Runnable beforeShown) throws BrokenStreamException {
    if (whole.status() != 200 || !whole.saysJson() || whole.truncated()) {
      throw errors.of(whole);
    }
    Chunk chunk;
    try {
      chunk = ChunkReader.read(whole.text(), true, false);
    } catch (BrokenStreamException notJson) {
      throw errors.notLmStudio(whole);
    }
    boolean says = chunk.finishReason() != null || !chunk.delta().nothing();
    boolean error = chunk.rare() != null && chunk.rare().error != null;
    if (error || !chunk.hasChoices() || !says) {
      throw errors.of(whole);
    }
    beforeShown.run();
    shown.accepted();
    take(chunk);
    JsonText.readObject(whole.text()).ifPresent(answer::whole);
  }
}
