package ee.lmstudio.run;

import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import ee.lmstudio.stream.Chunks;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.Phase;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.upstreams.Relay;
import jakarta.json.JsonObject;
import jakarta.json.JsonValue;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongConsumer;

/**
 * Writes the results of a run into its log.
 *
 * <p>The log opens when LM Studio accepts the request, or when the client has waited long enough.
 * Work that fails before that leaves a log whose only entry is the failure ({@link
 * ee.lmstudio.stream.StreamLog#refused}). Called by the run's thread; {@link #open()} by any.
 */
public final class RunWriter implements Relay.Observer {
  /** The end of an answer whose last event, which was passed on, is an error. */
  private static final StreamEvent STATED =
      new StreamEvent.Failed(
          new Failure(
              "upstream_error",
              "LM Studio has ended the answer with an error, which is its last event",
              "Read that event.",
              List.of(),
              Optional.empty(),
              Optional.empty()));

  /** The end of an answer that was passed on. The answer itself has the numbers of tokens. */
  private static final StreamEvent RELAYED =
      new StreamEvent.Completed(
          "stop", JsonValue.EMPTY_JSON_OBJECT, JsonValue.EMPTY_JSON_OBJECT, List.of(), 1, false);

  private final Run run;
  private final LongConsumer weighed;
  private final Runnable ending;
  private volatile String modelId;

  // Used only by the run's thread.
  private final Chunks.Collector chunks = new Chunks.Collector();
  private boolean stated;
  private BiConsumer<String, String> relayed = (name, data) -> {};

  // Guarded by this.
  private boolean open;
  private boolean refused;
  private StreamEvent held;
  private StreamEvent.Progress progress;

  // Written by the run's thread, while it holds this.
  private volatile boolean answers;

  /**
   * @param weighed told how many bytes each entry adds to the memory that the log takes; a negative
   *     number when the log is compacted
   * @param ending called once, before a reader can learn that the run has ended
   */
  RunWriter(Run run, LongConsumer weighed, Runnable ending) {
    this.run = run;
    this.weighed = weighed;
    this.ending = ending;
    this.modelId = run.head().modelRequested().orElse(null);
  }

  /** Writes the first entry and the ones held back for it. Only the first call has an effect. */
  void open() {
    synchronized (this) {
      if (open || refused) {
        return;
      }
      open = true;
      append(new StreamEvent.Started(run.head().startedAt(), run.head().modelRequested()));
      if (progress != null) {
        append(progress);
      }
      if (held != null) {
        append(held);
      }
    }
  }

  /** Tells listeners that the run waits for its turn, unless its turn has just come. */
  synchronized void waitsForTurn(Place place) {
    if (place.isWaiting()) {
      waitsFor(Phase.QUEUED, place.position());
    }
  }

  /** Tells listeners what the run waits for, if that changed and no text has come yet. */
  synchronized void waitsFor(Phase phase, int position) {
    StreamEvent.Progress now = new StreamEvent.Progress(phase, position);
    if (answers || now.equals(progress)) {
      return;
    }
    if (open) {
      append(now);
    }
    // Only QUEUED is kept for later: when the log opens, the other phases are mostly over.
    progress = open || phase == Phase.QUEUED ? now : null;
  }

  /**
   * Tells listeners how far the work is.
   *
   * @param part 0 to 1, or {@link StreamEvent.Progress#UNKNOWN}
   */
  synchronized void works(Phase phase, double part) {
    StreamEvent.Progress now = new StreamEvent.Progress(phase, 0, part);
    if (!now.equals(progress)) {
      progress = now;
      if (open) {
        append(now);
      }
    }
  }

  /**
   * Handles the successful end of work that does not generate text.
   *
   * @param how the finish reason
   */
  void onDone(String how, JsonObject result) {
    end(
        new StreamEvent.Completed(how, JsonValue.EMPTY_JSON_OBJECT, result, List.of(), 1, false),
        Chunks.NONE);
  }

  /** Returns whether text has arrived. After that, no progress is reported. */
  boolean answers() {
    return answers;
  }

  @Override
  public void onHandle(StreamHandle handle) {
    run.running(handle);
  }

  @Override
  public void onAccepted() {
    open();
  }

  @Override
  public void onModel(String model) {
    modelId = model;
  }

  @Override
  public void onChunk(String json) {
    chunks.add(json);
  }

  @Override
  public void onDelta(Delta delta) {
    nowAnswers();
    StreamEvent piece = new StreamEvent.Piece(delta);
    append(piece, chunks.take(piece));
  }

  private void nowAnswers() {
    if (!answers) {
      synchronized (this) {
        answers = true;
      }
    }
  }

  @Override
  public void onReset(String reason) {
    append(new StreamEvent.Reset(reason));
  }

  @Override
  public void onDowngraded(Downgrade downgrade) {
    StreamEvent event = new StreamEvent.Downgraded(downgrade);
    synchronized (this) {
      if (!open) {
        held = event;
        return;
      }
    }
    append(event);
  }

  @Override
  public void onCompleted(Completion answer) {
    StreamEvent completed =
        new StreamEvent.Completed(
            answer.finishReason(),
            answer.usage().toJson(),
            answer.stats().toJson(),
            answer.warnings(),
            answer.attempts(),
            answer.downgraded());
    end(completed, chunks.take(completed));
  }

  /**
   * Sets a receiver for the names and the data of the events that are passed on. The receiver gets
   * an event before a listener can read it.
   */
  void tellRelayed(BiConsumer<String, String> receiver) {
    relayed = receiver;
  }

  @Override
  public void onRelayed(String name, String data) {
    relayed.accept(name, data);
    nowAnswers();
    open();
    StreamEvent.Relayed event = new StreamEvent.Relayed(name, data);
    stated = event.isError();
    append(event);
  }

  @Override
  public void onRelayEnd() {
    end(stated ? STATED : RELAYED, Chunks.NONE);
  }

  @Override
  public void onRefused(int status, String json, LmStudioException error) {
    fail(Failure.of(error).with(new Failure.Answer(status, json)));
  }

  @Override
  public void onFailed(LmStudioException error) {
    fail(Failure.of(error));
  }

  private void fail(Failure failure) {
    synchronized (this) {
      refused = !open;
    }
    end(new StreamEvent.Failed(failure), Chunks.NONE);
  }

  @Override
  public void onCancelled() {
    end(new StreamEvent.Cancelled(run.cancelledBy()), Chunks.NONE);
  }

  /** Writes the last entry. Does nothing if the log has one. */
  private void end(StreamEvent last, Chunks lastChunks) {
    if (run.log().ended()) {
      return;
    }
    // Does nothing if the run was refused.
    open();
    ending.run();
    run.ending();
    try {
      append(last, lastChunks);
      weighed.accept(-run.log().compact());
    } finally {
      run.ended();
    }
  }

  private void append(StreamEvent event) {
    append(event, Chunks.NONE);
  }

  private void append(StreamEvent event, Chunks from) {
    run.log().append(modelId, event, from).ifPresent(entry -> weighed.accept(entry.weight()));
  }
}
