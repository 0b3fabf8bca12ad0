package ee.lmstudio.stream;

import ee.lmstudio.sdk.model.ToolCall;
import ee.lmstudio.sdk.model.ToolCallAssembler;
import java.util.List;
import java.util.Optional;

/**
 * What a stream's log adds up to, as of one entry. Nothing of it is kept beside the log: each call
 * reads the log again.
 *
 * @param cursor the last entry that it covers; 0 if there is none
 * @param modelId the model that was asked for or answers; null if none was named yet
 * @param status the stream's status as of that entry
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
    String content,
    String reasoning,
    List<ToolCall> toolCalls,
    Optional<StreamEvent.Completed> completed,
    Optional<Failure> failure) {

  public Snapshot {
    toolCalls = List.copyOf(toolCalls);
  }

  /** Returns what the log adds up to now. */
  public static Snapshot of(StreamLog log) {
    return upTo(log, log.lastCursor());
  }

  /** Returns what the log adds up to now, without its terminal entry if it has one. */
  public static Snapshot beforeTheEnd(StreamLog log) {
    long last = log.lastCursor();
    return upTo(log, log.ended() ? last - 1 : last);
  }

  /** Returns the same as {@link #of}, but with empty texts: only the last entry is read. */
  public static Snapshot withoutTexts(StreamLog log) {
    return at(log, log.lastCursor(), "", "", List.of());
  }

  private static Snapshot upTo(StreamLog log, long last) {
    StringBuilder content = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    ToolCallAssembler toolCalls = new ToolCallAssembler();
    try (Cursor cursor = Cursor.open(log)) {
      while (cursor.position() < last) {
        StreamEvent event = cursor.next().event();
        if (event instanceof StreamEvent.Piece(var delta)) {
          content.append(delta.content());
          reasoning.append(delta.reasoning());
          toolCalls.add(delta.toolCalls());
        } else if (event instanceof StreamEvent.Reset) {
          content.setLength(0);
          reasoning.setLength(0);
          toolCalls = new ToolCallAssembler();
        }
      }
    }
    return at(log, last, content.toString(), reasoning.toString(), toolCalls.calls());
  }

  /** Status and outcome are told by the last entry alone. */
  private static Snapshot at(
      StreamLog log, long cursor, String content, String reasoning, List<ToolCall> toolCalls) {
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

  /** Cursor, status and sizes only: texts are confidential. */
  @Override
  public String toString() {
    return "Snapshot[%d, %s, %d content, %d reasoning, %d tool calls]"
        .formatted(cursor, status.text(), content.length(), reasoning.length(), toolCalls.size());
  }
}
