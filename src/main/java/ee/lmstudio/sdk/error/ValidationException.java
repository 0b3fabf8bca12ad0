package ee.lmstudio.sdk.error;

import java.util.List;

/** The request is wrong. {@link #faults()} names the wrong fields, all of them at once. */
public final class ValidationException extends PermanentException {

  /**
   * One wrong field.
   *
   * @param field JSON path, such as {@code messages[0].role}; empty for the request as a whole
   * @param reason what is wrong and what is allowed
   */
  public record Fault(String field, String reason) {}

  private final List<Fault> faults;
  private final int faultCount;

  /**
   * An error of this kind.
   *
   * @param message what failed, with which value
   * @param hint what to do next
   * @param faults every fault that was found; may be empty
   */
  public ValidationException(String message, String hint, List<Fault> faults) {
    this(message, hint, faults, faults.size());
  }

  /**
   * An error of this kind that does not list all of its faults.
   *
   * @param message what failed, with which value
   * @param hint what to do next
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
   * {@return an error for a request that is too large as a whole; its code is {@code
   * payload_too_large}}
   *
   * @param message what is too large
   * @param hint what to do next
   */
  public static ValidationException payloadTooLarge(String message, String hint) {
    return new ValidationException("payload_too_large", message, hint);
  }

  /**
   * {@return one request fault at {@code field}}
   *
   * @param field its path, such as {@code messages[0].role}
   * @param reason what is wrong with it: {@code is empty}
   */
  public static ValidationException of(String field, String reason) {
    return new ValidationException(
        field + ": " + reason,
        "Correct the field and send it again.",
        List.of(new Fault(field, reason)));
  }

  /**
   * {@return the faults that were found, at most the first 100 of them; empty when LM Studio
   * refused the request without naming one}
   */
  public List<Fault> faults() {
    return faults;
  }

  /** {@return how many faults were found; more than {@link #faults()} has if that is cut} */
  public int faultCount() {
    return faultCount;
  }
}
