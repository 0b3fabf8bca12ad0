package ee.lmstudio.sdk.internal.negotiation;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.error.ModelNotFoundException;
import ee.lmstudio.sdk.error.ProtocolException;
import ee.lmstudio.sdk.internal.http.CutBodyException;
import ee.lmstudio.sdk.internal.http.ErrorAnswers;
import ee.lmstudio.sdk.internal.http.Failures;
import ee.lmstudio.sdk.internal.http.HttpAnswer;
import ee.lmstudio.sdk.internal.http.TimeLimits;
import ee.lmstudio.sdk.internal.http.UnexpectedAnswerException;
import ee.lmstudio.sdk.internal.http.Upstream;
import ee.lmstudio.sdk.internal.http.UpstreamCall;
import ee.lmstudio.sdk.internal.json.JsonText;
import ee.lmstudio.sdk.internal.sse.EventTooLargeException;
import ee.lmstudio.sdk.internal.sse.PostEventSource;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.sdk.model.GenerationRequest;
import java.io.IOException;

/**
 * Makes one attempt to get an answer: posts once, and reads the answer as OpenAI's stream or as one
 * whole answer. {@link GenerationCall} decides whether there is another attempt. Used only by the
 * call's thread.
 */
final class Attempt implements PostEventSource.Signals, StreamReader.Sink {
  /** Maximum number of bytes without any text, reasoning or tool call. */
  private static final int MAX_SILENT_BYTES = 64 << 20;

  private final int number;
  private final boolean streamed;
  private final AnswerBuilder answer;
  private final Shown shown;
  private final UpstreamCall call;
  private final TimeLimits limits;
  private final ErrorAnswers errors;
  private final boolean strictModel;
  private final StreamReader reader;
  private boolean cameWhole;
  private boolean endIsMarked;
  private boolean nothingCame = true;
  private int silentBytes;
  private BrokenStreamException broken;
  private Throwable fault;

  /**
   * Creates an attempt that has not posted yet.
   *
   * @param number number of streams that were tried, including this one
   * @param streamed whether to request a stream
   * @param shown receives the deltas of the answer
   */
  Attempt(
      int number,
      boolean streamed,
      GenerationRequest request,
      Shown shown,
      UpstreamCall call,
      Upstream upstream) {
    this.number = number;
    this.streamed = streamed;
    this.answer = new AnswerBuilder(request);
    this.shown = shown;
    this.call = call;
    this.limits = call.limits();
    this.errors = upstream.errors();
    this.strictModel = upstream.settings().strictModel();
    this.reader = new StreamReader(this, errors);
  }

  /**
   * Posts and reads to the end.
   *
   * @throws BrokenStreamException if the transport failed before the answer was whole
   * @throws UnexpectedAnswerException if the answer has another status than 200
   * @throws IOException if there was no connection
   * @throws LmStudioException if LM Studio stated an error, or the call was stopped
   */
  Completion read(PostEventSource source) throws BrokenStreamException, IOException {
    source.register(reader, error -> fault = error);
    source.open();
    call.stop().throwIfStopped();
    checkFault();
    show(answer.rest());
    return answer.build(number, !streamed || cameWhole);
  }

  private void checkFault() throws BrokenStreamException, IOException {
    switch (fault) {
      case null -> {
        reader.end();
        checkWhole();
      }
      case UnexpectedAnswerException other when other.answer().status() == 200 ->
          takeWhole(other.answer());
      case UnexpectedAnswerException other -> throw other;
      case EventTooLargeException tooLarge ->
          throw Failures.notLmStudio(tooLarge.getMessage(), tooLarge);
      case CutBodyException cut -> takeCut(cut);
      case IOException failed -> {
        if (!call.connected()) {
          throw failed;
        }
        checkWholeAfter(failed);
      }
      case RuntimeException stated -> throw stated;
      default -> throw new IllegalStateException(fault);
    }
  }

  @Override
  public void onHeaders(HttpAnswer head) {
    answer.headers(head.headers());
    endIsMarked = head.header("Content-Length") != null || head.header("Transfer-Encoding") != null;
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
    nothingCame = false;
    silentBytes += count;
    if (silentBytes > MAX_SILENT_BYTES) {
      throw Failures.notLmStudio(
          "LM Studio sent more than "
              + MAX_SILENT_BYTES
              + " bytes without any text, reasoning or tool call",
          null);
    }
  }

  @Override
  public void onComment() {
    limits.comment();
  }

  @Override
  public void onOtherLine(String line) {
    reader.otherLine(line);
  }

  @Override
  public boolean beginsNewEvent(byte last, byte first) {
    return reader.beginsNewEvent(last, first);
  }

  @Override
  public boolean onEnd() {
    reader.ending();
    return !answer.finished();
  }

  @Override
  public boolean enough() {
    return reader.done();
  }

  @Override
  public void heartbeat() {
    limits.comment();
  }

  @Override
  public void chunk(Chunk chunk) {
    // A chunk that came with the last bytes is not shown once the call was stopped.
    call.stop().throwIfStopped();
    limits.event();
    boolean first = answer.model() == null;
    answer.add(chunk);
    if (first && answer.model() != null) {
      named();
    }
    if (answer.finished()) {
      limits.answered();
    }
    Delta delta = chunk.delta();
    if (delta.nothing()) {
      shown.hold(chunk);
      return;
    }
    silentBytes = 0;
    limits.token();
    Delta visible = answer.add(delta);
    if (visible.nothing()) {
      shown.hold(chunk);
    } else {
      shown.delta(chunk.json(), visible);
    }
  }

  private void named() {
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

  @Override
  public void whole(String json) {
    if (answer.hasText()) {
      broken(new BrokenStreamException("A second answer came in mid-stream", null));
      return;
    }
    try {
      takeWhole(ChunkReader.read(json, true, false), json);
    } catch (BrokenStreamException notAnAnswer) {
      broken(notAnAnswer);
    }
  }

  private void takeWhole(Chunk whole, String json) {
    cameWhole = true;
    if (streamed) {
      call.trace().downgraded(Downgrade.NOT_STREAMED);
      shown.downgraded(new Downgrade(Downgrade.NOT_STREAMED, number));
    }
    shown.accepted();
    answer.add(whole);
    if (answer.model() != null) {
      named();
    }
    if (!whole.delta().nothing()) {
      limits.token();
      show(answer.add(whole.delta()));
    }
    JsonText.readObject(json).ifPresent(answer::whole);
  }

  /** Notes a break. A break after the end of the answer does not matter. */
  @Override
  public void broken(BrokenStreamException why) {
    broken = answer.finished() ? null : why;
  }

  private void show(Delta delta) {
    if (!delta.nothing()) {
      shown.delta(delta);
    }
  }

  /**
   * Checks that a stream that ended normally was complete.
   *
   * @throws BrokenStreamException if the stream was cut
   * @throws ProtocolException if the stream had no content at all
   */
  private void checkWhole() throws BrokenStreamException {
    if (broken != null) {
      throw broken;
    }
    if (answer.finished() || cameWhole) {
      return;
    }
    if (!reader.done()) {
      if (endIsMarked && fault == null && nothingCame) {
        throw Failures.notLmStudio("LM Studio answered with an event stream that is empty", null);
      }
      throw new BrokenStreamException("The stream ended before the answer did", null);
    }
    if (!answer.hasText()) {
      throw new ProtocolException(
          "LM Studio ended the answer without any text, reasoning or tool call",
          "Often the prompt is longer than the model's context length: shorten it, or load the"
              + " model with more context.",
          null);
    }
  }

  /** Handles a failed connection, which does not matter if the answer is complete. */
  private void checkWholeAfter(Exception failed) throws BrokenStreamException {
    reader.end();
    if (!reader.done() && !answer.finished()) {
      throw new BrokenStreamException("The connection failed", failed);
    }
    checkWhole();
  }

  /** Takes a body that broke off and is not a stream: a cut error is still an error. */
  private void takeCut(CutBodyException cut) throws BrokenStreamException {
    String begin = cut.begin().text();
    if (ErrorFrames.beginsAsError(begin)) {
      throw new ErrorFrames(errors).ofCut(begin);
    }
    checkWholeAfter(cut.failure());
  }

  /**
   * Takes an answer that is not a stream as the whole answer.
   *
   * @throws LmStudioException if it is an error, or not what LM Studio sends
   */
  private void takeWhole(HttpAnswer whole) {
    if (whole.truncated()) {
      throw errors.of(whole);
    }
    if (whole.compressed()) {
      throw errors.notLmStudio(whole);
    }
    String json = whole.text();
    Chunk chunk;
    try {
      chunk = ChunkReader.read(json, true, false);
    } catch (BrokenStreamException notJson) {
      if (JsonText.readObject(json).isPresent()) {
        throw errors.of(whole);
      }
      // A body that ends with the connection may be cut although the connection did not fail.
      throw StreamReader.startsJson(json.stripLeading()) && ErrorFrames.beginsAsError(json)
          ? new ErrorFrames(errors).ofCut(json)
          : errors.notLmStudio(whole);
    }
    if (chunk.failed()) {
      throw new ErrorFrames(errors).of(chunk);
    }
    boolean odd = chunk.rare() != null && chunk.rare().error != null;
    if (odd || !chunk.hasChoices() || !chunk.says()) {
      throw errors.of(whole);
    }
    takeWhole(chunk, json);
  }
}
