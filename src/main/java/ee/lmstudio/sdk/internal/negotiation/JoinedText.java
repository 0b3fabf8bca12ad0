package ee.lmstudio.sdk.internal.negotiation;

import java.util.ArrayList;
import java.util.List;

/**
 * A text that grows until the end of an answer. Long pieces are kept as they are, because an
 * observer may keep them, too: a copy would double the memory of a long answer. Short pieces are
 * copied, because an object for each would take more memory than its text. Not thread-safe.
 */
final class JoinedText {
  /** A piece with at least this number of characters is not copied. */
  static final int LONG = 128;

  /** A full builder is put aside, so that it never has to copy itself to grow. */
  private static final int FULL = 8 * 1024;

  private final List<String> before = new ArrayList<>();
  private StringBuilder end = new StringBuilder();

  void append(String piece) {
    if (piece.length() >= LONG) {
      putAside();
      before.add(piece);
    } else if (!piece.isEmpty()) {
      if (end.length() + piece.length() > FULL) {
        putAside();
      }
      end.append(piece);
    }
  }

  private void putAside() {
    if (!end.isEmpty()) {
      before.add(end.toString());
      end = new StringBuilder();
    }
  }

  /** Returns the whole text. The pieces are copied once. */
  @Override
  public String toString() {
    putAside();
    return before.size() == 1 ? before.get(0) : String.join("", before);
  }
}
