package ee.lmstudio.sdk.error;

import java.util.List;

/** Thrown if the request is invalid. {@link #faults()} names all invalid fields at once. */
public final class ValidationException extends PermanentException {

  /**
   * Describes one invalid field.
   *
   * @param field JSON path, such as {@code messages[0].role}; empty for the request as a whole
   * @param reason what is wrong and what is allowed
   */
  public record Fault(String field, String reason) {}

  private final List<Fault> faults;
  private final int faultCount;

  /**
   * Creates an exception of this kind.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param faults every fault that was found; may be empty
   */
  public ValidationException(String message, String hint, List<Fault> faults) {
    this(message, hint, faults, faults.size());
  }

  /**
   * Creates an exception that lists only the first of its faults.
   *
   * @param message says what failed, and with which value
   * @param hint says what to do next
   * @param faults the first faults that were found
   * @param faultCount how many faults were found
   */
  public ValidationException(String message, String hint, List<Fault> faults, int faultCount) {
    super("validation_failed", message, hint, null);
    this.faults = List.copyOf(faults);
    this.faultCount = faultCount;
  }

  private ValidationException(String code, String message, String hint) {
    super(code, message, hint, null);
    this.faults = List.of();
    this.faultCount = 0;
  }

  /**
   * {@return an exception for a request that is too large as a whole; its code is {@code
   * payload_too_large}}
   *
   * @param message says what is too large
   * @param hint says what to do next
   */
  public static ValidationException payloadTooLarge(String message, String hint) {
    return new ValidationException("payload_too_large", message, hint);
  }

  /**
   * {@return an exception for one invalid field}
   *
   * @param field path of the field, such as {@code messages[0].role}
   * @param reason what is wrong with the field, such as {@code is empty}
   */
  public static ValidationException of(String field, String reason) {
    return new ValidationException(
        field + ": " + reason,
        "Correct the field and send it again.",
        List.of(new Fault(field, reason)));
  }

  /**
   * {@return the first 100 faults that were found; empty if LM Studio refused the request without
   * naming a field}
   */
  public List<Fault> faults() {
    return faults;
  }

  /**
   * {@return how many faults were found; more than {@link #faults()} holds if that list is
   * shortened}
   */
  public int faultCount() {
    return faultCount;
  }
}
