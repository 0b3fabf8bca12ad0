package ee.lmstudio.simulator;

import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The LM Studio that is imitated, and what differs between them on the wire.
 *
 * @param major 0
 * @param minor 2, 3 or 4
 * @param patch 0 or more
 */
public record SimulatedVersion(int major, int minor, int patch)
    implements Comparable<SimulatedVersion> {

  /** 0.4.24, of which most recordings are. */
  public static final SimulatedVersion DEFAULT = new SimulatedVersion(0, 4, 24);

  private static final Map<String, SimulatedVersion> FAMILIES =
      Map.of("0.3.x", new SimulatedVersion(0, 3, 30), "0.4.x", DEFAULT);
  private static final Pattern FORM = Pattern.compile("0\\.([234])\\.(\\d{1,3})");

  /**
   * Reads {@code 0.2.21}, {@code 0.3.x} (0.3.30), {@code 0.4.x} (0.4.24) …
   *
   * @throws IllegalArgumentException if it is no version of 0.2, 0.3 or 0.4
   */
  public static SimulatedVersion parse(String text) {
    SimulatedVersion family = FAMILIES.get(text);
    if (family != null) {
      return family;
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "The version is '" + text + "', allowed is 0.2.N, 0.3.N, 0.4.N, 0.3.x or 0.4.x");
    }
    return new SimulatedVersion(
        0, Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
  }

  private boolean since(int fromMinor, int fromPatch) {
    return compareTo(new SimulatedVersion(0, fromMinor, fromPatch)) >= 0;
  }

  /** {@code /health} and the header {@code x-lmstudio-version}. */
  boolean hasHealth() {
    return minor == 2;
  }

  /** {@code api_version} in {@code /health}. */
  boolean healthNamesApiVersion() {
    return since(2, 21);
  }

  /** {@code /v1/audio}, which no later family has. */
  boolean hasAudio() {
    return minor == 2 && since(2, 20);
  }

  /** {@code /v1/images}, which no later family has. */
  boolean hasImages() {
    return minor == 2 && since(2, 21);
  }

  /** {@code /api/v0}. */
  boolean hasApiV0() {
    return since(3, 6);
  }

  /** {@code /api/v1}. */
  boolean hasApiV1() {
    return since(4, 0);
  }

  /** {@code system_fingerprint} and {@code logprobs}. */
  boolean hasFingerprint() {
    return since(3, 0);
  }

  /** Tools, and reasoning apart from the text. */
  boolean hasToolsAndReasoning() {
    return since(3, 9);
  }

  /** {@code stream_options.include_usage}. */
  boolean hasUsageChunk() {
    return since(3, 18) || (minor == 2 && since(2, 20));
  }

  /** {@code finish_reason} is {@code tool_calls} after a streamed tool call, before: stop. */
  boolean finishesWithToolCalls() {
    return since(3, 15);
  }

  /** Errors are objects with a code; an unknown model is one of them. */
  boolean isCurrent() {
    return since(4, 0);
  }

  @Override
  public int compareTo(SimulatedVersion other) {
    return Comparator.comparingInt(SimulatedVersion::major)
        .thenComparingInt(SimulatedVersion::minor)
        .thenComparingInt(SimulatedVersion::patch)
        .compare(this, other);
  }

  /** {@code 0.4.24}. */
  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
