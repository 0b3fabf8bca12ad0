package ee.lmstudio.http.openai;

import ee.lmstudio.http.events.Dialect;
import ee.lmstudio.http.events.FrameBuffer;
import ee.lmstudio.http.events.FrameWriter;
import ee.lmstudio.http.events.Pieces;
import ee.lmstudio.stream.Chunks;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;

/**
 * Writes a log as OpenAI's event stream: chunks, and {@code [DONE]} at the end of an answer that is
 * complete. Entries that OpenAI's format has no word for, such as progress, are left out.
 */
final class OpenAiDialect implements FrameWriter {
  /** The stream as OpenAI's clients know it. */
  static final Dialect PLAIN = log -> writer(log, false);

  /** The same with the cursor of each entry as {@code id}, with which a client can resume it. */
  static final Dialect RESUMABLE = log -> writer(log, true);

  private static final byte[] ID = "id: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
  private static final String ERROR = "event: error\n";
  private static final String DONE = "[DONE]";

  private final OpenAiChunks chunks;
  private final boolean withIds;

  /** Returns the dialect for the answer to a request that starts a generation. */
  static Dialect of(HttpServletRequest request) {
    return OrphanGrace.isAsked(request) ? RESUMABLE : PLAIN;
  }

  private static FrameWriter writer(StreamLog log, boolean withIds) {
    return log.head().content().kind() == StreamContent.Kind.RELAYED
        ? new RelayDialect(log, withIds)
        : new OpenAiDialect(log, withIds);
  }

  private OpenAiDialect(StreamLog log, boolean withIds) {
    this.chunks = new OpenAiChunks(log);
    this.withIds = withIds;
  }

  @Override
  public void begin(FrameBuffer out) {
    // OpenAI's format has no beginning.
  }

  @Override
  public boolean isLong(Entry entry) {
    Chunks.Form form = entry.chunks().form();
    int constant = form == null ? 0 : form.before().length() + form.after().length();
    return entry.weight() + constant > 2 * LONG;
  }

  /** A reset ends the stream with an error: OpenAI's clients cannot take text back. */
  @Override
  public boolean isLast(Entry entry) {
    return entry.event().last() || entry.event() instanceof StreamEvent.Reset;
  }

  @Override
  public void write(Entry entry, FrameBuffer out) {
    frames(
        entry,
        (last, data) -> {
          if (last && withIds) {
            out.raw(ID).number(entry.cursor()).text("\n");
          }
          if (isError(entry)) {
            out.text(ERROR);
          }
          out.raw(DATA).text(data).raw(END);
        });
  }

  @Override
  public Pieces pieces(Entry entry) {
    Pieces.Builder all = new Pieces.Builder();
    frames(
        entry,
        (last, data) -> {
          all.raw(last && withIds ? "id: " + entry.cursor() + "\n" : "");
          all.raw(isError(entry) ? ERROR : "");
          all.raw("data: ").raw(data).raw("\n\n");
        });
    return all.build();
  }

  /** OpenAI's format has no snapshots: a listener that is far behind reads all entries. */
  @Override
  public Pieces pieces(Snapshot snapshot) {
    return null;
  }

  private interface Frame {
    /** Only the last frame of an entry has the id: a client that has it has the whole entry. */
    void write(boolean last, String data);
  }

  /**
   * Returns whether an entry becomes an error chunk. Its event is named {@code error}, as LM Studio
   * names its own: LangChain4j recognizes an error only by this name, and would otherwise report
   * the text so far as the complete answer.
   */
  private boolean isError(Entry entry) {
    return isLast(entry) && !(entry.event() instanceof StreamEvent.Completed);
  }

  private void frames(Entry entry, Frame frame) {
    boolean done = entry.event() instanceof StreamEvent.Completed;
    var all = chunks.of(entry);
    for (int i = 0; i < all.size(); i++) {
      frame.write(!done && i == all.size() - 1, oneLine(all.get(i)));
    }
    if (done) {
      frame.write(true, DONE);
    }
  }

  /** A line end in JSON can only stand between two values, where a space means the same. */
  private static String oneLine(String json) {
    return json.indexOf('\n') < 0 && json.indexOf('\r') < 0
        ? json
        : json.replace('\n', ' ').replace('\r', ' ');
  }
}
