package ee.lmstudio.stream;

import jakarta.json.spi.JsonProvider;
import java.util.ArrayList;
import java.util.List;

/**
 * The chunks from which one entry was read, exactly as LM Studio sent them, so that an event format
 * can pass them on unchanged with the fields that this server does not know.
 *
 * <p>Most chunks of an answer are the same except for their text. Such a chunk is kept as the form
 * that all of them share; its text is the text of the entry.
 *
 * @param whole chunks that are kept whole, in the order in which they came; may be empty
 * @param form the form of the last chunk; null if that chunk is among the whole ones, too
 */
public record Chunks(List<String> whole, Form form) {
  /** No chunks: the entry does not come from LM Studio, or the answer was not streamed. */
  public static final Chunks NONE = new Chunks(List.of(), null);

  private static final JsonProvider JSON = JsonProvider.provider();

  public Chunks {
    whole = List.copyOf(whole);
  }

  /**
   * What chunks have in common that differ in one text.
   *
   * @param before the JSON up to and including the quotation mark before the text
   * @param after the JSON from the quotation mark after the text
   */
  public record Form(String before, String after) {
    /** Returns the form of a chunk with this text; null if the chunk has the text nowhere. */
    static Form of(String json, String text) {
      String literal = '"' + literal(text) + '"';
      int at = json.lastIndexOf(literal);
      return at < 0
          ? null
          : new Form(json.substring(0, at + 1), json.substring(at + literal.length() - 1));
    }

    /** Returns whether {@link #fill} of this text is this chunk, byte for byte. */
    boolean fits(String json, String text) {
      if (!json.startsWith(before) || !json.endsWith(after)) {
        return false;
      }
      String literal = literal(text);
      return json.length() == before.length() + literal.length() + after.length()
          && json.startsWith(literal, before.length());
    }

    String fill(String text) {
      return before + literal(text) + after;
    }

    /** Returns the text as it stands between the quotation marks of a JSON string. */
    private static String literal(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (c < 0x20 || c == '"' || c == '\\') {
          String quoted = JSON.createValue(text).toString();
          return quoted.substring(1, quoted.length() - 1);
        }
      }
      return text;
    }

    /** Returns only the size, because a form can hold confidential text of a whole chunk. */
    @Override
    public String toString() {
      return "Form[%d characters]".formatted(before.length() + after.length());
    }
  }

  /**
   * Returns the chunks, each as one JSON object.
   *
   * @param event the event of the entry
   */
  public List<String> json(StreamEvent event) {
    if (form == null) {
      return whole;
    }
    List<String> all = new ArrayList<>(whole);
    all.add(form.fill(event.onlyText()));
    return all;
  }

  /** Returns how many bytes of text are kept for this entry alone. */
  int bytes() {
    int bytes = 0;
    for (String json : whole) {
      // The JVM keeps a text with other characters than those of Latin-1 as UTF-16.
      bytes += EntryCodec.isLatin1(json) ? json.length() : 2 * json.length();
    }
    return bytes;
  }

  /** Returns only counts, because the texts are confidential. */
  @Override
  public String toString() {
    return "Chunks[%d whole, %s]".formatted(whole.size(), form);
  }

  /**
   * Collects chunks until their entry is appended, and finds the forms that they share. For one
   * thread.
   */
  public static final class Collector {
    private final List<String> waiting = new ArrayList<>(1);
    private Chunks common = NONE;

    /** Creates a collector without chunks. */
    public Collector() {}

    /** Adds a chunk. */
    public void add(String json) {
      waiting.add(json);
    }

    /** Returns the chunks since the last entry, which are those of this event. */
    public Chunks take(StreamEvent event) {
      if (waiting.isEmpty()) {
        return NONE;
      }
      String text = event.onlyText();
      String last = waiting.getLast();
      Chunks taken;
      if (waiting.size() == 1 && common.form != null && common.form.fits(last, text)) {
        taken = common;
      } else {
        // A form is used from the second chunk on, so that one that changes each time is not kept.
        Form form = text.isEmpty() ? null : Form.of(last, text);
        common = form == null ? NONE : new Chunks(List.of(), form);
        taken = new Chunks(waiting, null);
      }
      waiting.clear();
      return taken;
    }
  }
}
