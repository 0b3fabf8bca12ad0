package ee.lmstudio.sdk.model;

import java.util.Arrays;

/**
 * Holds the vector of one text as 32-bit floats. Instances are immutable: arrays are copied. Every
 * number is finite, and at least one number is not zero.
 */
public final class Embedding {
  private final float[] numbers;

  private Embedding(float[] numbers) {
    this.numbers = numbers;
  }

  /**
   * {@return a vector of these numbers}
   *
   * @param numbers at least one number
   * @throws IllegalArgumentException if there is no number, a number is not finite, or all numbers
   *     are zero
   */
  public static Embedding of(float... numbers) {
    boolean points = false;
    for (float number : numbers) {
      if (!Float.isFinite(number)) {
        throw new IllegalArgumentException("One of the numbers is " + number);
      }
      points |= number != 0;
    }
    if (!points) {
      throw new IllegalArgumentException(
          numbers.length == 0 ? "The vector is empty" : "All " + numbers.length + " numbers are 0");
    }
    return new Embedding(numbers.clone());
  }

  /** {@return how many numbers the vector has} */
  public int dimension() {
    return numbers.length;
  }

  /**
   * {@return the number at {@code index}, which counts from 0}
   *
   * @param index 0 to {@link #dimension()} - 1
   * @throws IndexOutOfBoundsException if {@code index} is out of range
   */
  public float get(int index) {
    return numbers[index];
  }

  /** {@return a new array with all numbers} */
  public float[] toArray() {
    return numbers.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Embedding vector && Arrays.equals(numbers, vector.numbers);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(numbers);
  }

  /** Returns the dimension only, because the text could be reconstructed from the numbers. */
  @Override
  public String toString() {
    return "Embedding[" + numbers.length + "]";
  }
}
