package ee.lmstudio.sdk.model;

import jakarta.json.JsonValue;

/**
 * Takes reasoning out of the visible text: what stands between {@code <think>} and the first {@code
 * </think>}, where that is how an answer begins. Line ends behind it are dropped. An answer that
 * begins otherwise is let through piece by piece as it is, and so is one whose reasoning LM Studio
 * has taken out itself. Pieces may be cut anywhere; at most a tag's length is held back. One thread
 * at a time.
 */
public final class ReasoningSplitter {
  /** Nothing has come yet. */
  public ReasoningSplitter() {}

  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  /** So much white space may come before the tag: a model can go on with it for ever. */
  private static final int MAX_HELD = 64;

  private enum State {
    BEGINNING,
    THINKING,
    BEHIND,
    VISIBLE
  }

  private State state = State.BEGINNING;
  private String held = "";

  /**
   * {@return what there is to show of the next piece, and of those that were held back; may be
   * nothing}
   *
   * @param piece the next piece, as it came
   */
  public Delta split(Delta piece) {
    if (state == State.VISIBLE) {
      return piece;
    }
    if (state == State.BEGINNING && !piece.reasoning().isEmpty()) {
      state = State.VISIBLE;
    }
    String content = held.isEmpty() ? piece.content() : held + piece.content();
    held = "";
    String reasoning = piece.reasoning();
    if (state == State.BEGINNING) {
      content = begin(content);
    }
    if (state == State.THINKING) {
      int end = content.indexOf(CLOSE);
      int thought = end >= 0 ? end : content.length() - beginningOfATag(content);
      reasoning = reasoning + content.substring(0, thought);
      held = end >= 0 ? "" : content.substring(thought);
      content = end >= 0 ? content.substring(end + CLOSE.length()) : "";
      state = end >= 0 ? State.BEHIND : State.THINKING;
    }
    if (state == State.BEHIND) {
      content = withoutLineEnds(content);
      state = content.isEmpty() ? State.BEHIND : State.VISIBLE;
    }
    if (!piece.toolCalls().isEmpty() && state == State.BEGINNING) {
      content = held;
      held = "";
    }
    boolean same = content.equals(piece.content()) && reasoning.equals(piece.reasoning());
    return same ? piece : new Delta(content, reasoning, piece.toolCalls());
  }

  /**
   * {@return what there is to show of the last piece, and what was held back; may be nothing}
   *
   * @param last the last piece; may be nothing
   */
  public Delta rest(Delta last) {
    Delta shown = split(last);
    Delta rest = rest();
    return new Delta(
        shown.content() + rest.content(), shown.reasoning() + rest.reasoning(), shown.toolCalls());
  }

  /** {@return what was held back when nothing more comes; may be nothing} */
  public Delta rest() {
    boolean thinking = state == State.THINKING;
    Delta rest = new Delta(thinking ? "" : held, thinking ? held : "", JsonValue.EMPTY_JSON_ARRAY);
    held = "";
    return rest;
  }

  /**
   * Returns what follows the tag, or all of it if there is none; holds back what may become one.
   */
  private String begin(String content) {
    String text = content.stripLeading();
    if (text.startsWith(OPEN)) {
      state = State.THINKING;
      return text.substring(OPEN.length());
    }
    if (OPEN.startsWith(text) && content.length() <= MAX_HELD) {
      held = content;
      return "";
    }
    state = State.VISIBLE;
    return content;
  }

  /** How many characters at the end may be the beginning of the closing tag. */
  private static int beginningOfATag(String content) {
    int length = Math.min(CLOSE.length() - 1, content.length());
    while (!CLOSE.startsWith(content.substring(content.length() - length))) {
      length--;
    }
    return length;
  }

  private static String withoutLineEnds(String content) {
    int from = 0;
    while (from < content.length() && "\r\n".indexOf(content.charAt(from)) >= 0) {
      from++;
    }
    return content.substring(from);
  }
}
