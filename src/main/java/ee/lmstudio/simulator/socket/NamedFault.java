package ee.lmstudio.simulator.socket;

import java.util.Arrays;
import java.util.Objects;

/**
 * A fault of the catalogue and where it happens: {@code cut@100} or {@code status-503}.
 *
 * <pre>{@code
 * lmStudio.enqueue(NamedFault.parse("reset@500").in(Script.answerAsUsual()));
 * }</pre>
 *
 * @param name which one
 * @param atByte how many bytes of the body come before it; 0 for a fault that is an answer itself
 */
public record NamedFault(FaultName name, long atByte) {
  private static final char AT = '@';

  /**
   * Checks the position.
   *
   * @throws IllegalArgumentException if it is negative, or the fault takes none
   */
  public NamedFault {
    Objects.requireNonNull(name, "name");
    if (atByte < 0 || (atByte > 0 && !name.isAtByte())) {
      throw new IllegalArgumentException(
          name.isAtByte()
              ? "'%s@%d': the byte is 0 or more".formatted(name.text(), atByte)
              : "'%s@%d': this fault is a whole answer; write '%s'"
                  .formatted(name.text(), atByte, name.text()));
    }
  }

  /** An answer that is a fault. */
  public static NamedFault of(FaultName name) {
    return new NamedFault(name, 0);
  }

  /**
   * Reads {@code name@byte}, or {@code name} alone for a fault that is a whole answer.
   *
   * @throws IllegalArgumentException if it is none; the message says what is allowed
   */
  public static NamedFault parse(String text) {
    int at = text.indexOf(AT);
    String word = at < 0 ? text : text.substring(0, at);
    FaultName name =
        FaultName.of(word)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "There is no fault '%s'. There are: %s".formatted(word, FaultName.all())));
    if (name.isAtByte() && at < 0) {
      throw new IllegalArgumentException(
          "'%s' happens at a byte of the answer: write '%s@100'".formatted(word, word));
    }
    if (!name.isAtByte() && at >= 0) {
      throw new IllegalArgumentException(
          "'%s': this fault is a whole answer; write '%s'".formatted(text, word));
    }
    return new NamedFault(name, at < 0 ? 0 : position(text, text.substring(at + 1)));
  }

  private static long position(String text, String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s': '%s' is no position; write a whole number of bytes".formatted(text, digits), e);
    }
  }

  /** {@code answer} with this fault in it; or, for a fault that is an answer, that one. */
  public Script in(Script answer) {
    return name.in(answer, atByte);
  }

  /**
   * What of {@code body} arrives, if nobody ends a stall: the measure of what a client may show.
   *
   * @throws IllegalStateException if the fault is an answer itself
   */
  public byte[] arrivingOf(byte[] body) {
    int at = (int) Math.min(atByte, body.length);
    return switch (name) {
      case CUT, RESET, STALL, SILENCE -> Arrays.copyOf(body, at);
      case DRIP -> body.clone();
      case CORRUPT -> {
        byte[] wrong = body.clone();
        if (at < body.length) {
          wrong[at] = Fault.wrongByte(body[at], at);
        }
        yield wrong;
      }
      default -> throw new IllegalStateException("'" + this + "' does not depend on a body");
    };
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return name.isAtByte() ? name.text() + AT + atByte : name.text();
  }
}
