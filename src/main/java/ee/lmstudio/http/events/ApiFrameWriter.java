package ee.lmstudio.http.events;

import ee.lmstudio.sdk.model.Delta;
import ee.lmstudio.stream.Entry;
import ee.lmstudio.stream.LogText;
import ee.lmstudio.stream.Snapshot;
import ee.lmstudio.stream.StreamContent;
import ee.lmstudio.stream.StreamEvent;
import ee.lmstudio.stream.StreamLog;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Writes frames in this server's own event format: {@code id}, {@code event}, and {@code data} with
 * the four common fields.
 */
final class ApiFrameWriter implements FrameWriter {
  private static final byte[] ID = ascii("id: ");
  private static final byte[] CONTENT = ascii(",\"content\":");
  private static final byte[] DELTA = ascii("\nevent: delta\ndata: ");
  private static final byte[] CURSOR = ascii("\",\"cursor\":");
  private static final byte[] END = ascii("}\n\n");

  private final StreamLog log;

  // The beginning of every data line. It changes only if another model answers.
  private byte[] prefix;
  private String prefixModel;

  ApiFrameWriter(StreamLog log) {
    this.log = log;
  }

  @Override
  public void begin(FrameBuffer out) {
    out.text("retry: 1000\n\n");
  }

  @Override
  public void write(Entry entry, FrameBuffer out) {
    out.raw(ID).number(entry.cursor());
    if (entry.event() instanceof StreamEvent.Piece(Delta delta)) {
      out.raw(DELTA);
      fourFields(entry, out);
      delta(delta, out);
    } else {
      out.text("\nevent: ").text(entry.event().name()).text("\ndata: ");
      fourFields(entry, out);
      String fields = withoutLineEnds(EventFields.of(entry.event()).toString());
      out.text(",").text(fields.substring(1, fields.length() - 1));
    }
    out.raw(END);
  }

  @Override
  public boolean isLong(Entry entry) {
    if (entry.event() instanceof StreamEvent.Relayed relayed) {
      return relayed.textLength() > LONG;
    }
    return entry.event() instanceof StreamEvent.Piece(Delta delta)
        && (delta.content().length() + delta.reasoning().length() > LONG
            || !delta.toolCalls().isEmpty() && textOf(entry) > LONG);
  }

  /** Returns the length of an entry's text without writing its tool calls. */
  private long textOf(Entry entry) {
    long before = entry.cursor() == 1 ? 0 : log.entry(entry.cursor() - 1).textSoFar();
    return entry.textSoFar() - before;
  }

  @Override
  public Pieces pieces(Entry entry) {
    if (!(entry.event() instanceof StreamEvent.Piece)) {
      FrameBuffer whole = new FrameBuffer();
      write(entry, whole);
      return new Pieces.Builder()
          .raw(new String(whole.array(), 0, whole.length(), StandardCharsets.UTF_8))
          .build();
    }
    Delta delta = ((StreamEvent.Piece) entry.event()).delta();
    FrameBuffer four = new FrameBuffer();
    fourFields(entry, four);
    Pieces.Builder frame =
        new Pieces.Builder()
            .raw("id: " + entry.cursor() + "\nevent: delta\ndata: ")
            .raw(new String(four.array(), 0, four.length(), StandardCharsets.UTF_8));
    if (!delta.content().isEmpty()) {
      frame.raw(",\"content\":").jsonString(LogText.content(log, entry.cursor()));
    }
    if (!delta.reasoning().isEmpty()) {
      frame.raw(",\"reasoning\":").jsonString(LogText.reasoning(log, entry.cursor()));
    }
    if (!delta.toolCalls().isEmpty()) {
      frame.raw(",\"tool_calls\":").raw(withoutLineEnds(delta.toolCalls().toString()));
    }
    return frame.raw("}\n\n").build();
  }

  @Override
  public Pieces pieces(Snapshot snapshot) {
    if (log.head().content().kind() == StreamContent.Kind.RELAYED) {
      return null; // A snapshot has no place for such events.
    }
    return new Pieces.Builder()
        .raw("id: " + snapshot.cursor() + "\nevent: snapshot\ndata: ")
        .all(EventFields.state(log, snapshot))
        .raw("\n\n")
        .build();
  }

  private void fourFields(Entry entry, FrameBuffer out) {
    if (prefix == null || !Objects.equals(prefixModel, entry.modelId())) {
      prefixModel = entry.modelId();
      FrameBuffer fresh = new FrameBuffer().text("{\"stream_id\":\"").text(log.head().id());
      fresh.text("\",\"model_id\":");
      if (prefixModel == null) {
        fresh.text("null");
      } else {
        fresh.jsonString(prefixModel);
      }
      fresh.text(",\"prompt_hash\":\"").text(log.head().promptHash()).raw(CURSOR);
      prefix = java.util.Arrays.copyOf(fresh.array(), fresh.length());
    }
    out.raw(prefix).number(entry.cursor());
  }

  private static void delta(Delta delta, FrameBuffer out) {
    if (!delta.content().isEmpty()) {
      out.raw(CONTENT).jsonString(delta.content());
    }
    if (!delta.reasoning().isEmpty()) {
      out.text(",\"reasoning\":").jsonString(delta.reasoning());
    }
    if (!delta.toolCalls().isEmpty()) {
      out.text(",\"tool_calls\":").text(withoutLineEnds(delta.toolCalls().toString()));
    }
  }

  /** Escapes line ends of Unicode, at which some clients end a line of the event stream. */
  private static String withoutLineEnds(String json) {
    return json.indexOf('\u2028') < 0 && json.indexOf('\u2029') < 0 && json.indexOf('\u0085') < 0
        ? json
        : json.replace("\u2028", "\\u2028")
            .replace("\u2029", "\\u2029")
            .replace("\u0085", "\\u0085");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
