package ee.lmstudio.inference;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import java.time.Instant;
import java.util.Optional;

/** What an entry of the log says: one type for each event of the HTTP contract. */
public sealed interface StreamEvent {
  /** The event's name in the event stream. */
  String name();

  /** Whether the stream ends with it. */
  default boolean last() {
    return false;
  }

  /** How many characters of somebody's text it holds. */
  default int textLength() {
    return 0;
  }

  /** Always the first. */
  record Started(Instant created, Optional<String> modelRequested) implements StreamEvent {
    @Override
    public String name() {
      return "started";
    }
  }

  /**
   * What a silent stream waits for.
   *
   * @param position in the queue, 1 for the next; 0 if it is in none
   */
  record Progress(Phase phase, int position) implements StreamEvent {
    @Override
    public String name() {
      return "progress";
    }
  }

  /** The next piece of the answer. */
  record Piece(Delta delta) implements StreamEvent {
    @Override
    public String name() {
      return "delta";
    }

    @Override
    public int textLength() {
      int fragments = delta.toolCalls().isEmpty() ? 0 : delta.toolCalls().toString().length();
      return delta.content().length() + delta.reasoning().length() + fragments;
    }
  }

  /** What was streamed so far is void. */
  record Reset(String reason) implements StreamEvent {
    @Override
    public String name() {
      return "reset";
    }
  }

  /** The answer comes whole, not streamed. */
  record Downgraded(Downgrade downgrade) implements StreamEvent {
    @Override
    public String name() {
      return "downgraded";
    }
  }

  /** The answer is whole. */
  record Completed(Completion answer) implements StreamEvent {
    @Override
    public String name() {
      return "completed";
    }

    @Override
    public boolean last() {
      return true;
    }
  }

  /** The generation failed. What came so far is all there is. */
  record Failed(LmStudioException error) implements StreamEvent {
    @Override
    public String name() {
      return "failed";
    }

    @Override
    public boolean last() {
      return true;
    }
  }

  /** The generation was cancelled. */
  record Cancelled(CancelledBy by) implements StreamEvent {
    @Override
    public String name() {
      return "cancelled";
    }

    @Override
    public boolean last() {
      return true;
    }
  }
}
