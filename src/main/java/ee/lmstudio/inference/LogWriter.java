package ee.lmstudio.inference;

import ee.lmstudio.sdk.StreamHandle;
import ee.lmstudio.sdk.StreamObserver;
import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import jakarta.json.JsonValue;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Writes what a generation brings into its stream's log.
 *
 * <p>The log opens when LM Studio accepts the request, or when somebody has waited long enough.
 * What fails before that leaves no log, but an exception. Called by the generation's thread; {@link
 * #open()} by any.
 */
final class LogWriter implements StreamObserver {
  private final GenerationStream stream;
  private final LongConsumer weighed;
  private final Runnable ending;
  private volatile String modelId;

  // Guarded by this.
  private boolean open;
  private boolean never;
  private StreamEvent held;
  private StreamEvent.Progress progress;

  // Written by the generation's thread, under this.
  private volatile boolean answers;

  // Touched by the generation's thread only.
  private boolean ends;

  /**
   * @param weighed told what each entry costs in memory, and how much less its log does in the end
   * @param ending told before anybody can learn that the generation has ended
   */
  LogWriter(GenerationStream stream, LongConsumer weighed, Runnable ending) {
    this.stream = stream;
    this.weighed = weighed;
    this.ending = ending;
    this.modelId = stream.modelRequested().orElse(null);
  }

  /** Writes the first entry, and what waited for it, unless that is done or can never be. */
  void open() {
    synchronized (this) {
      if (open || never) {
        return;
      }
      open = true;
      append(new StreamEvent.Started(stream.startedAt(), stream.modelRequested()));
      if (progress != null) {
        append(progress);
      }
      if (held != null) {
        append(held);
      }
    }
    stream.markOpened();
  }

  /** Says that the stream waits for its turn, unless that has just come. */
  synchronized void waitsForTurn(Place place) {
    if (place.isWaiting()) {
      waitsFor(Phase.QUEUED, place.position());
    }
  }

  /** Says what the stream waits for, if that is news and it has not begun to answer. */
  synchronized void waitsFor(Phase phase, int position) {
    StreamEvent.Progress now = new StreamEvent.Progress(phase, position);
    if (answers || now.equals(progress)) {
      return;
    }
    if (open) {
      append(now);
    }
    // Only the queue is worth a word afterwards: when the log opens, it is mostly past the rest.
    progress = open || phase == Phase.QUEUED ? now : null;
  }

  /** Whether it has begun to answer: what it waited for is no news any more. */
  boolean answers() {
    return answers;
  }

  private void answers(StreamEvent event) {
    if (!answers) {
      synchronized (this) {
        answers = true;
      }
    }
    append(event);
  }

  @Override
  public void onHandle(StreamHandle handle) {
    stream.running(handle);
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
  public void onDelta(Delta delta) {
    answers(new StreamEvent.Piece(delta));
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
    // The log is kept for minutes and weighed by its texts: what nobody asks it for stays out.
    end(
        new StreamEvent.Completed(
            answer.toBuilder()
                .raw(JsonValue.EMPTY_JSON_OBJECT)
                .headers(Map.of())
                .logprobs(Optional.empty())
                .build()));
  }

  @Override
  public void onFailed(LmStudioException error) {
    synchronized (this) {
      if (!open) {
        never = true;
      }
    }
    if (!never) {
      end(new StreamEvent.Failed(error));
    } else if (!stream.over()) {
      ending.run();
      stream.markNeverOpened(error);
    }
  }

  @Override
  public void onCancelled() {
    end(new StreamEvent.Cancelled(stream.cancelledBy()));
  }

  /** Does nothing if the log has its last entry. */
  private void end(StreamEvent last) {
    if (ends || stream.over()) {
      return;
    }
    ends = true;
    open();
    ending.run();
    stream.markFinished();
    try {
      append(last);
      weighed.accept(-stream.log().pack());
    } finally {
      // Whatever fails: callers wait for this.
      stream.markEnded();
    }
  }

  private void append(StreamEvent event) {
    LogEntry entry = stream.log().append(modelId, event);
    if (entry != null) {
      weighed.accept(entry.weight());
    }
  }
}
