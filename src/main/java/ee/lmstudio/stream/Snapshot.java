package ee.lmstudio.stream;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.sdk.model.ToolCall;
import ee.lmstudio.sdk.model.ToolCallAssembler;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The sum of a stream's log up to one entry. Its texts stay in the log and are read from there;
 * only the tool calls are joined in memory.
 *
 * @param cursor the last entry that it covers; 0 if there is none
 * @param modelId the requested model or the one that answers; null if none is known
 * @param status the status of the stream after that entry
 * @param content visible text
 * @param reasoning text of the model's thinking
 * @param toolCalls tool calls, joined from their fragments
 * @param completed how the stream completed; empty if it did not
 * @param failure why the stream failed; empty if it did not
 */
public record Snapshot(
    long cursor,
    String modelId,
    StreamStatus status,
    LogText content,
    LogText reasoning,
    List<ToolCall> toolCalls,
    Optional<StreamEvent.Completed> completed,
    Optional<Failure> failure) {

  public Snapshot {
    toolCalls = List.copyOf(toolCalls);
  }

  /** Returns the sum of the log at this moment. */
  public static Snapshot of(StreamLog log) {
    return upTo(log, log.lastCursor());
  }

  /** Returns the sum of the log at this moment, without its terminal entry if it has one. */
  public static Snapshot beforeTheEnd(StreamLog log) {
    long last = log.lastCursor();
    return upTo(log, log.ended() ? last - 1 : last);
  }

  /** Returns the same as {@link #of}, but with empty texts: only the last entry is read. */
  public static Snapshot withoutTexts(StreamLog log) {
    LogText none = new Range().of(log, Delta::content);
    return at(log, log.lastCursor(), none, none, List.of());
  }

  /** The cursors of the first and the last entry that have a text of one kind; 0 if none has. */
  private static final class Range {
    private long first;
    private long last;

    void add(String text, long cursor) {
      if (!text.isEmpty()) {
        first = first == 0 ? cursor : first;
        last = cursor;
      }
    }

    LogText of(StreamLog log, Function<Delta, String> part) {
      return new LogText(log, part, first, last);
    }
  }

  private static Snapshot upTo(StreamLog log, long last) {
    Range content = new Range();
    Range reasoning = new Range();
    ToolCallAssembler toolCalls = new ToolCallAssembler();
    try (Cursor cursor = Cursor.open(log)) {
      while (cursor.position() < last) {
        StreamEvent event = cursor.next().event();
        if (event instanceof StreamEvent.Piece(Delta delta)) {
          content.add(delta.content(), cursor.position());
          reasoning.add(delta.reasoning(), cursor.position());
          toolCalls.add(delta.toolCalls());
        } else if (event instanceof StreamEvent.Reset) {
          content = new Range();
          reasoning = new Range();
          toolCalls = new ToolCallAssembler();
        }
      }
    }
    return at(
        log,
        last,
        content.of(log, Delta::content),
        reasoning.of(log, Delta::reasoning),
        toolCalls.calls());
  }

  /** Reads status and outcome from the last entry, which alone determines them. */
  private static Snapshot at(
      StreamLog log, long cursor, LogText content, LogText reasoning, List<ToolCall> toolCalls) {
    Entry last = cursor == 0 ? null : log.entry(cursor);
    StreamEvent event = last == null ? null : last.event();
    return new Snapshot(
        cursor,
        last == null ? null : last.modelId(),
        event == null ? StreamStatus.RUNNING : StreamStatus.after(event),
        content,
        reasoning,
        toolCalls,
        event instanceof StreamEvent.Completed completed
            ? Optional.of(completed)
            : Optional.empty(),
        event instanceof StreamEvent.Failed(Failure failure)
            ? Optional.of(failure)
            : Optional.empty());
  }

  /** Returns only the cursor, the status and the number of tool calls: texts are confidential. */
  @Override
  public String toString() {
    return "Snapshot[%d, %s, %d tool calls]".formatted(cursor, status.text(), toolCalls.size());
  }
}
