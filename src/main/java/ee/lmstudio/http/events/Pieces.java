package ee.lmstudio.http.events;

import ee.lmstudio.stream.LogText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;

/**
 * An answer or a frame that can be too long for a buffer. It consists of literal bytes and of texts
 * that stay in a log, and is encoded one piece after the other. A reader holds only its {@link
 * Place}, so any number of readers share the same object. Immutable, for any thread.
 */
public final class Pieces {
  /**
   * The length of a piece in bytes. A piece can be a few bytes longer, because no character is
   * divided. A client that stops reading costs about this much memory in the server's write queue.
   */
  public static final int PIECE = 8 * 1024;

  private sealed interface Part {}

  private record Literal(byte[] bytes) implements Part {}

  private record Text(LogText text) implements Part {}

  /** Bytes that are created when they are written. */
  private record Chunked(int count, IntFunction<byte[]> chunk) implements Part {}

  /**
   * A position between two pieces.
   *
   * @param part the index of the part
   * @param entry the entry or the chunk that is read next; 0 if the part was not begun
   * @param offset the next byte of the part, or the next character of the entry
   */
  record Place(int part, long entry, int offset) {
    /** The position before the first piece. */
    static final Place START = new Place(0, 0, 0);
  }

  /**
   * One encoded piece.
   *
   * @param next the position behind it
   */
  record Piece(byte[] bytes, Place next) {}

  private final List<Part> parts;

  /** Never read: it keeps what a weak reference of {@link Frames} shares among readers. */
  private final List<Pieces> sharedParts;

  private final String contentType;

  private Pieces(List<Part> parts, List<Pieces> sharedParts, String contentType) {
    this.contentType = contentType;
    this.parts = List.copyOf(parts);
    this.sharedParts = List.copyOf(sharedParts);
  }

  /** Adds parts in order. For one thread. */
  public static final class Builder {
    private final List<Part> parts = new ArrayList<>();
    private final List<Pieces> sharedParts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private String contentType = "application/json";

    /** Adds text, which is not escaped. */
    public Builder raw(String text) {
      literal.append(text);
      return this;
    }

    /**
     * Adds bytes that are created when they are written, so that they take no memory before.
     *
     * @param count the number of chunks
     * @param chunk returns the chunk with this index, which starts at 0, of at most {@link #PIECE}
     *     bytes
     */
    public Builder chunks(int count, IntFunction<byte[]> chunk) {
      endLiteral();
      if (count > 0) {
        parts.add(new Chunked(count, chunk));
      }
      return this;
    }

    /**
     * Adds a long text that stands in the result as it is. Its bytes are created piece by piece.
     */
    public Builder longText(String text) {
      int length = PIECE / 4;
      return chunks(
          (text.length() + length - 1) / length,
          i ->
              text.substring(start(text, i * length), start(text, (i + 1) * length))
                  .getBytes(StandardCharsets.UTF_8));
    }

    /** Returns the next index at which no character is divided. */
    private static int start(String text, int index) {
      int at = Math.min(index, text.length());
      boolean divides = at > 0 && at < text.length() && Character.isLowSurrogate(text.charAt(at));
      return divides && Character.isHighSurrogate(text.charAt(at - 1)) ? at + 1 : at;
    }

    /** Sets the media type of an answer. Default: {@code application/json}. */
    public Builder contentType(String type) {
      contentType = type;
      return this;
    }

    /** Adds a text of the log as a JSON string with its quotes. */
    Builder jsonString(LogText text) {
      literal.append('"');
      if (!text.isEmpty()) {
        endLiteral();
        parts.add(new Text(text));
      }
      literal.append('"');
      return this;
    }

    /** Adds all parts of another object, which lives as long as the result. */
    public Builder all(Pieces other) {
      endLiteral();
      parts.addAll(other.parts);
      sharedParts.add(other);
      return this;
    }

    public Pieces build() {
      endLiteral();
      return new Pieces(parts, sharedParts, contentType);
    }

    private void endLiteral() {
      if (!literal.isEmpty()) {
        parts.add(new Literal(literal.toString().getBytes(StandardCharsets.UTF_8)));
        literal.setLength(0);
      }
    }
  }

  /** Returns the media type of an answer. */
  String contentType() {
    return contentType;
  }

  /** Returns the number of bytes that are in memory and not in a log. */
  long literalBytes() {
    return parts.stream()
        .mapToLong(part -> part instanceof Literal(byte[] bytes) ? bytes.length : 0)
        .sum();
  }

  /** Returns whether nothing follows this position. */
  boolean endsAt(Place place) {
    return place.part() == parts.size();
  }

  /** Encodes the piece that begins at this position. */
  Piece piece(Place from) {
    FrameBuffer out = new FrameBuffer();
    Place at = from;
    while (!endsAt(at) && out.length() < PIECE) {
      at =
          switch (parts.get(at.part())) {
            case Literal(byte[] bytes) -> literal(bytes, at, out);
            case Text(LogText text) -> text(text, at, out);
            case Chunked(int count, IntFunction<byte[]> chunk) -> {
              int index = (int) at.entry();
              out.raw(chunk.apply(index));
              yield index + 1 < count
                  ? new Place(at.part(), at.entry() + 1, 0)
                  : new Place(at.part() + 1, 0, 0);
            }
          };
    }
    return new Piece(Arrays.copyOf(out.array(), out.length()), at);
  }

  private static Place literal(byte[] bytes, Place at, FrameBuffer out) {
    int count = Math.min(bytes.length - at.offset(), PIECE - out.length());
    out.raw(bytes, at.offset(), count);
    int next = at.offset() + count;
    return next < bytes.length ? new Place(at.part(), 0, next) : new Place(at.part() + 1, 0, 0);
  }

  private static Place text(LogText text, Place at, FrameBuffer out) {
    int offset = at.offset();
    for (long cursor = Math.max(at.entry(), text.first()); cursor <= text.last(); cursor++) {
      String own = text.at(cursor);
      int next = out.jsonCharacters(own, offset, PIECE);
      if (next < own.length()) {
        return new Place(at.part(), cursor, next);
      }
      offset = 0;
    }
    return new Place(at.part() + 1, 0, 0);
  }
}
