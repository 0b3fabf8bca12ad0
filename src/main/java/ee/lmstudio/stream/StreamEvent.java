package ee.lmstudio.stream;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.Downgrade;
import jakarta.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The content of a log entry. There is one type for each event of the HTTP API. Events are data
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

  /** Returns the text of a delta that is one text and nothing else; empty for any other event. */
  default String onlyText() {
    return "";
  }

  /** The stream has started. Always the first event. */
  record Started(Instant created, Optional<String> modelRequested) implements StreamEvent {
    @Override
    public String name() {
      return "started";
    }
  }

  /**
   * Says what a silent stream waits for.
   *
   * @param position the position in the queue, 1 for the next one; 0 if the stream is not queued
   * @param part the part of the work that is done, 0 to 1; {@link #UNKNOWN} if it is not known
   */
  record Progress(Phase phase, int position, double part) implements StreamEvent {
    /** Stands for a part that is not known. */
    public static final double UNKNOWN = -1;

    /** Creates an event whose part is not known. */
    public Progress(Phase phase, int position) {
      this(phase, position, UNKNOWN);
    }

    @Override
    public String name() {
      return "progress";
    }
  }

  /** The next delta of the answer. */
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

    @Override
    public String onlyText() {
      if (!delta.toolCalls().isEmpty()) {
        return "";
      }
      if (delta.reasoning().isEmpty()) {
        return delta.content();
      }
      return delta.content().isEmpty() ? delta.reasoning() : "";
    }
  }

  /**
   * The next event of an answer that is passed on as it is, or a whole such answer.
   *
   * @param type the event's name; empty if it has none
   * @param data the event's data, or the body of the answer
   */
  record Relayed(String type, String data) implements StreamEvent {
    private static final Set<String> ERRORS =
        Set.of("error", "response.failed", "response.cancelled");

    @Override
    public String name() {
      return "relayed";
    }

    /** Returns whether this is an event with which LM Studio ends an answer that has failed. */
    public boolean isError() {
      return ERRORS.contains(type);
    }

    @Override
    public int textLength() {
      return type.length() + data.length();
    }

    /** Returns the sizes only, because the data may be private. */
    @Override
    public String toString() {
      return "Relayed[%s, %d characters]".formatted(type, data.length());
    }
  }

  /** All text so far is discarded. Clients must remove it. */
  record Reset(String reason) implements StreamEvent {
    @Override
    public String name() {
      return "reset";
    }
  }

  /** The answer arrives as a whole instead of as a stream. */
  record Downgraded(Downgrade downgrade) implements StreamEvent {
    @Override
    public String name() {
      return "downgraded";
    }
  }

  /**
   * The answer is complete. Its text is the sum of the entries before.
   *
   * @param finishReason {@code stop}, {@code length}, {@code tool_calls} or another value of LM
   *     Studio
   * @param usage token counts, as the HTTP API writes them
   * @param stats times and speed, as the HTTP API writes them
   * @param warnings messages for the caller; may be empty
   * @param attempts how many streams were tried
   * @param downgraded whether the answer arrived as a whole instead of as a stream
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

  /** The work failed. No more text will follow. */
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
