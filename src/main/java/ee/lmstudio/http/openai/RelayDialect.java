package ee.lmstudio.http.openai;

import static ee.lmstudio.http.error.JsonBuilders.JSON;

import ee.lmstudio.http.error.ApiError;
import ee.lmstudio.http.error.ErrorTable;
import ee.lmstudio.http.error.OpenAiError;
import ee.lmstudio.http.events.FrameBuffer;
import ee.lmstudio.http.events.FrameWriter;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Failure;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
import java.util.stream.Stream;

/**
 * Writes an answer that is passed on as the event stream that LM Studio sent. If the answer is not
 * complete, the stream ends with an event {@code error}, which OpenAI's and Anthropic's clients
 * throw as an exception.
 */
final class RelayDialect implements FrameWriter {
  private final StreamLog log;
  private final boolean withIds;

  RelayDialect(StreamLog log, boolean withIds) {
    this.log = log;
    this.withIds = withIds;
  }

  @Override
  public void begin(FrameBuffer out) {
    // LM Studio's events come first.
  }

  @Override
  public boolean isLong(Entry entry) {
    return entry.event().textLength() > LONG;
  }

  @Override
  public void write(Entry entry, FrameBuffer out) {
    out.text(frame(entry));
  }

  @Override
  public Pieces pieces(Entry entry) {
    return new Pieces.Builder().raw(frame(entry)).build();
  }

  @Override
  public Pieces pieces(Snapshot snapshot) {
    return null;
  }

  /** Returns the events that are passed on from LM Studio, or the parts of a whole answer. */
  static Stream<StreamEvent.Relayed> events(StreamLog log) {
    return log.events()
        .filter(StreamEvent.Relayed.class::isInstance)
        .map(StreamEvent.Relayed.class::cast);
  }

  /** Returns whether the last entry of a log becomes no frame. */
  static boolean isSilent(StreamLog log, Entry last) {
    return new RelayDialect(log, false).frame(last).isEmpty();
  }

  /** Returns whether the entry before is LM Studio's own error. */
  private boolean endsWithItsOwnError(Entry entry) {
    return entry.cursor() > 1
        && log.entry(entry.cursor() - 1).event() instanceof StreamEvent.Relayed before
        && before.isError();
  }

  private String frame(Entry entry) {
    return switch (entry.event()) {
      case StreamEvent.Relayed(String type, String data) -> frame(entry, type, data);
      case StreamEvent.Failed failed when endsWithItsOwnError(entry) -> "";
      case StreamEvent.Failed(Failure failure) ->
          frame(
              entry,
              "error",
              failure
                  .answer()
                  .map(Failure.Answer::json)
                  .orElseGet(() -> error(ErrorTable.of(failure))));
      case StreamEvent.Cancelled cancelled ->
          frame(entry, "error", error(OpenAiChunks.cancelled(cancelled)));
      default -> "";
    };
  }

  private String frame(Entry entry, String type, String data) {
    StringBuilder frame = new StringBuilder();
    if (withIds) {
      frame.append("id: ").append(entry.cursor()).append('\n');
    }
    if (!type.isEmpty()) {
      frame.append("event: ").append(type).append('\n');
    }
    data.lines().forEach(line -> frame.append("data: ").append(line).append('\n'));
    if (data.isEmpty()) {
      frame.append("data:\n");
    }
    return frame.append('\n').toString();
  }

  private static String error(ApiError error) {
    return JSON.createObjectBuilder()
        .add("type", "error")
        .addAll(JSON.createObjectBuilder(OpenAiError.of(error)))
        .build()
        .toString();
  }
}
