package ee.lmstudio.sdk.model;

import jakarta.json.JsonValue;

/**
 * Separates the reasoning from the visible text of a stream. If an answer begins with {@code
 * <think>}, the text up to the first {@code </think>} is the reasoning, and line ends after the tag
 * are dropped. Any other answer passes unchanged, including answers from which LM Studio has
 * already taken the reasoning. Pieces may be cut anywhere; at most the length of a tag is held
 * back. Not thread-safe.
 */
public final class ReasoningSplitter {
  /** Creates a splitter for a new answer. */
  public ReasoningSplitter() {}

  private static final String OPEN = "<think>";
  private static final String CLOSE = "</think>";

  /**
   * Maximum number of white space characters before the tag. Without this limit, a model could send
   * white space forever.
   */
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
   * {@return the text to show after the next piece, including text that was held back; may add
   * nothing}
   *
   * @param piece the next piece as LM Studio sent it
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
   * {@return the text to show after the last piece, including text that was held back; may add
   * nothing}
   *
   * @param last the last piece; may add nothing
   */
  public Delta rest(Delta last) {
    Delta shown = split(last);
    Delta rest = rest();
    return new Delta(
        shown.content() + rest.content(), shown.reasoning() + rest.reasoning(), shown.toolCalls());
  }

  /** {@return the text that was held back, at the end of the answer; may add nothing} */
  public Delta rest() {
    boolean thinking = state == State.THINKING;
    Delta rest = new Delta(thinking ? "" : held, thinking ? held : "", JsonValue.EMPTY_JSON_ARRAY);
    held = "";
    return rest;
  }

  /**
   * Returns the text after the opening tag, or the whole text if there is no tag. Holds back text
   * that may become a tag.
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

  /** Returns how many characters at the end may be the beginning of the closing tag. */
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
