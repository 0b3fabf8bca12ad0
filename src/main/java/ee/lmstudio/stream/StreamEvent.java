package ee.lmstudio.stream;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What an entry of the log says: one type for each event of the HTTP contract. Events are data
 * only.
 */
public sealed interface StreamEvent {
  /** Returns the event's name in the event stream. */
  String name();

  /** Returns whether the event is terminal: the stream ends with it. */
  default boolean last() {
    return false;
  }

  /** Returns how many characters of prompt-dependent text the event holds. */
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

  /** The text so far is void: clear it. */
  record Reset(String reason) implements StreamEvent {
    @Override
    public String name() {
      return "reset";
    }
  }

  /** The answer comes whole instead of streamed. */
  record Downgraded(Downgrade downgrade) implements StreamEvent {
    @Override
    public String name() {
      return "downgraded";
    }
  }

  /**
   * The answer is complete. Its text is what the entries before add up to.
   *
   * @param finishReason {@code stop}, {@code length}, {@code tool_calls} or what LM Studio says
   * @param usage token counts, as the HTTP contract writes them
   * @param stats times and speed, as the HTTP contract writes them
   * @param warnings what the caller should know; may be empty
   * @param attempts how many streams were tried
   * @param downgraded whether the answer came whole where a stream was due
   */
  record Completed(
      String finishReason,
      JsonObject usage,
      JsonObject stats,
      List<String> warnings,
      int attempts,
      boolean downgraded)
      implements StreamEvent {
    public Completed {
      warnings = List.copyOf(warnings);
    }

    @Override
    public String name() {
      return "completed";
    }

    @Override
    public boolean last() {
      return true;
    }
  }

  /** The work failed. The entries before are all there is. */
  record Failed(Failure failure) implements StreamEvent {
    @Override
    public String name() {
      return "failed";
    }

    @Override
    public boolean last() {
      return true;
    }
  }

  /** The work was cancelled. */
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
