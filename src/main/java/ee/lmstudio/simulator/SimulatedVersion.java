package ee.lmstudio.simulator;

import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of LM Studio that is simulated, and how its answers differ from those of other
 * versions.
 *
 * @param major 0
 * @param minor 2, 3 or 4
 * @param patch 0 or more
 */
public record SimulatedVersion(int major, int minor, int patch)
    implements Comparable<SimulatedVersion> {

  /** Version 0.4.24, of which most recordings are. */
  public static final SimulatedVersion DEFAULT = new SimulatedVersion(0, 4, 24);

  private static final Map<String, SimulatedVersion> FAMILIES =
      Map.of("0.3.x", new SimulatedVersion(0, 3, 30), "0.4.x", DEFAULT);
  private static final Pattern FORM = Pattern.compile("0\\.([234])\\.(\\d{1,3})");

  /**
   * Parses a version such as {@code 0.2.21}, {@code 0.3.x} (which means 0.3.30) or {@code 0.4.x}
   * (0.4.24).
   *
   * @throws IllegalArgumentException if it is not a version of 0.2, 0.3 or 0.4
   */
  public static SimulatedVersion parse(String text) {
    SimulatedVersion family = FAMILIES.get(text);
    if (family != null) {
      return family;
    }
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "The version is '" + text + "'. Allowed: 0.2.N, 0.3.N, 0.4.N, 0.3.x or 0.4.x");
    }
    return new SimulatedVersion(
        0, Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
  }

  private boolean since(int fromMinor, int fromPatch) {
    return compareTo(new SimulatedVersion(0, fromMinor, fromPatch)) >= 0;
  }

  /** Returns whether it has {@code /health} and the header {@code x-lmstudio-version}. */
  boolean hasHealth() {
    return minor == 2;
  }

  /** Returns whether {@code /health} has {@code api_version}. */
  boolean healthNamesApiVersion() {
    return since(2, 21);
  }

  /** Returns whether it has {@code /v1/audio}, which later families do not have. */
  boolean hasAudio() {
    return minor == 2 && since(2, 20);
  }

  /** Returns whether it has {@code /v1/images}, which later families do not have. */
  boolean hasImages() {
    return minor == 2 && since(2, 21);
  }

  /** Returns whether it has {@code /api/v0}. */
  boolean hasApiV0() {
    return since(3, 6);
  }

  /** Returns whether it has {@code /api/v1}. */
  boolean hasApiV1() {
    return since(4, 0);
  }

  /** Returns whether it has {@code /v1/responses}. */
  boolean hasResponses() {
    return since(3, 29);
  }

  /** Returns whether it has {@code /v1/messages}. */
  boolean hasMessages() {
    return since(4, 1);
  }

  /** Returns whether it can require an API token. */
  boolean hasApiTokens() {
    return since(4, 0);
  }

  /** Returns whether it refuses MCP servers with addresses that are not public. */
  boolean refusesLocalMcp() {
    return since(4, 15);
  }

  /** Returns whether answers have {@code system_fingerprint} and {@code logprobs}. */
  boolean hasFingerprint() {
    return since(3, 0);
  }

  /** Returns whether it supports tools, and reasoning in a field of its own. */
  boolean hasToolsAndReasoning() {
    return since(3, 9);
  }

  /** Returns whether it supports {@code stream_options.include_usage}. */
  boolean hasUsageChunk() {
    return since(3, 18) || (minor == 2 && since(2, 20));
  }

  /** Returns whether a streamed tool call ends with {@code tool_calls}; older versions: stop. */
  boolean finishesWithToolCalls() {
    return since(3, 15);
  }

  /** Returns whether errors are objects with a code. An unknown model is then an error. */
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
