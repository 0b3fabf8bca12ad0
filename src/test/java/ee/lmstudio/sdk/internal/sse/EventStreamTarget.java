package ee.lmstudio.sdk.internal.sse;

import java.util.Arrays;
import java.util.List;

/** Fuzzed: the parser says the same of any bytes, whole and in pieces of the first byte's size. */
public final class EventStreamTarget {
  private EventStreamTarget() {}

  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length == 0) {
      return;
    }
    byte[] stream = Arrays.copyOfRange(input, 1, input.length);
    List<String> whole = ParsedEvents.of(stream, Math.max(1, stream.length));
    List<String> pieces = ParsedEvents.of(stream, 1 + (input[0] & 0x1F));
    if (!whole.equals(pieces)) {
      throw new AssertionError("Whole: " + whole + "\nin pieces: " + pieces);
    }
  }
}
