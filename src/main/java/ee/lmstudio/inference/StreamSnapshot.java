package ee.lmstudio.inference;

import ee.lmstudio.sdk.error.LmStudioException;
import ee.lmstudio.sdk.model.Completion;
import ee.lmstudio.sdk.model.ToolCall;
import ee.lmstudio.sdk.model.ToolCallAssembler;
import java.util.List;
import java.util.Optional;

/**
 * What a stream's log adds up to, as of one entry. Nothing of it is kept beside the log: it is put
 * together when somebody asks.
 *
 * @param cursor the last entry that it covers; 0 if there is none
 * @param modelId who was asked or answers; null if nobody was named yet
 * @param status as of that entry
 * @param content visible text
 * @param reasoning text of the model's thinking
 * @param toolCalls put together from their fragments
 * @param answer the whole answer, if it was completed
 * @param error why it failed, if it did
 */
public record StreamSnapshot(
    int cursor,
    String modelId,
    StreamStatus status,
    String content,
    String reasoning,
    List<ToolCall> toolCalls,
    Optional<Completion> answer,
    Optional<LmStudioException> error) {

  /** What the log adds up to now. */
  public static StreamSnapshot of(StreamLog log) {
    return upTo(log, log.lastCursor());
  }

  /** What the log adds up to now, its last entry left out if the stream ended with it. */
  public static StreamSnapshot beforeTheEnd(StreamLog log) {
    int last = log.lastCursor();
    return upTo(log, last > 0 && log.entry(last).event().last() ? last - 1 : last);
  }

  /** The same as {@link #of}, but with empty texts: it looks at the last entry only. */
  public static StreamSnapshot withoutTexts(StreamLog log) {
    return at(log, log.lastCursor(), "", "", List.of());
  }

  private static StreamSnapshot upTo(StreamLog log, int cursor) {
    StringBuilder content = new StringBuilder();
    StringBuilder reasoning = new StringBuilder();
    ToolCallAssembler toolCalls = new ToolCallAssembler();
    for (int i = 1; i <= cursor; i++) {
      StreamEvent event = log.entry(i).event();
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
    return at(log, cursor, content.toString(), reasoning.toString(), toolCalls.calls());
  }

  /** How the stream is, and how it ended, is told by the last entry alone. */
  private static StreamSnapshot at(
      StreamLog log, int cursor, String content, String reasoning, List<ToolCall> toolCalls) {
    LogEntry last = cursor == 0 ? null : log.entry(cursor);
    StreamEvent event = last == null ? null : last.event();
    return new StreamSnapshot(
        cursor,
        last == null ? null : last.modelId(),
        event == null ? StreamStatus.RUNNING : StreamStatus.after(event),
        content,
        reasoning,
        toolCalls,
        event instanceof StreamEvent.Completed completed
            ? Optional.of(completed.answer())
            : Optional.empty(),
        event instanceof StreamEvent.Failed failed
            ? Optional.of(failed.error())
            : Optional.empty());
  }

  /** Cursor, status and sizes only: the texts are somebody's. */
  @Override
  public String toString() {
    return "StreamSnapshot[%d, %s, %d content, %d reasoning, %d tool calls]"
        .formatted(cursor, status.text(), content.length(), reasoning.length(), toolCalls.size());
  }
}
