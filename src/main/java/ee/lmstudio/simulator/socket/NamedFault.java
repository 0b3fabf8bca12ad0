package ee.lmstudio.simulator.socket;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A fault of the catalogue and its position: {@code cut@100} or {@code status-503}.
 *
 * <pre>{@code
 * lmStudio.enqueue(NamedFault.parse("reset@500").in(Script.answerAsUsual()));
 * }</pre>
 *
 * @param name the name of the fault
 * @param atByte how many bytes of the body are sent before the fault; 0 for a fault that is a whole
 *     answer
 */
public record NamedFault(FaultName name, long atByte) {
  private static final char AT = '@';

  /**
   * Checks the position.
   *
   * @throws IllegalArgumentException if it is negative, or if the fault has no position
   */
  public NamedFault {
    Objects.requireNonNull(name, "name");
    if (atByte < 0 || (atByte > 0 && !name.isAtByte())) {
      throw new IllegalArgumentException(
          name.isAtByte()
              ? "'%s@%d' has a negative position. Allowed: 0 or more".formatted(name.text(), atByte)
              : "'%s@%d' has a position, but this fault is a whole answer. Write '%s'"
                  .formatted(name.text(), atByte, name.text()));
    }
  }

  /** Returns a fault that is a whole answer, or one that happens at byte 0. */
  public static NamedFault of(FaultName name) {
    return new NamedFault(name, 0);
  }

  /**
   * Parses {@code name@byte}, or {@code name} alone for a fault that is a whole answer.
   *
   * @throws IllegalArgumentException if the text is not a fault; the message says what is allowed
   */
  public static NamedFault parse(String text) {
    int at = text.indexOf(AT);
    String word = at < 0 ? text : text.substring(0, at);
    FaultName name =
        FaultName.of(word)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "'%s' is not the name of a fault. Allowed: %s"
                            .formatted(word, FaultName.all())));
    if (name.isAtByte() && at < 0) {
      throw new IllegalArgumentException(
          "'%s' has no position. Write '%s@100' for a fault after 100 bytes of the body"
              .formatted(word, word));
    }
    if (!name.isAtByte() && at >= 0) {
      throw new IllegalArgumentException(
          "'%s' has a position, but this fault is a whole answer. Write '%s'"
              .formatted(text, word));
    }
    return new NamedFault(name, at < 0 ? 0 : position(text, text.substring(at + 1)));
  }

  /**
   * Parses faults that are separated by commas: {@code corrupt@20,cut@100}.
   *
   * @throws IllegalArgumentException if one of them is not a fault; the message says what is
   *     allowed
   */
  public static List<NamedFault> parseAll(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(NamedFault::parse).toList();
  }

  private static long position(String text, String digits) {
    try {
      return Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'%s' has the position '%s'. Allowed: a whole number of bytes".formatted(text, digits),
          e);
    }
  }

  /** Returns {@code answer} with this fault, or the fault itself if it is a whole answer. */
  public Script in(Script answer) {
    return name.in(answer, atByte);
  }

  /**
   * Returns the part of {@code body} that arrives if no stall is released.
   *
   * @throws IllegalStateException if the fault is a whole answer
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

  /** Returns the form that {@link #parse} reads. */
  @Override
  public String toString() {
    return name.isAtByte() ? name.text() + AT + atByte : name.text();
  }
}
