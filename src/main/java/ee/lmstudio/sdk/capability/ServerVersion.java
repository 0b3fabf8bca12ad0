package ee.lmstudio.sdk.capability;

import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Holds a version of LM Studio. The version is exact, or a lower bound if only the existing
 * endpoints are known.
 *
 * @param major first number; 0 in all known versions
 * @param minor second number: 2, 3, 4 …
 * @param patch third number, 0 or more
 * @param build the text after the numbers, such as {@code +1} or {@code -beta.2}; may be empty
 * @param orLater true for a lower bound, written {@code 0.4.0+}
 */
public record ServerVersion(int major, int minor, int patch, String build, boolean orLater)
    implements Comparable<ServerVersion> {
  private static final Pattern FORM =
      Pattern.compile("[vV]?(\\d{1,5})\\.(\\d{1,5})\\.(\\d{1,5})(\\+|[-+. (][\\w.()+ -]{1,50})?");

  private static final Comparator<ServerVersion> ORDER =
      Comparator.comparingInt(ServerVersion::major)
          .thenComparingInt(ServerVersion::minor)
          .thenComparingInt(ServerVersion::patch)
          .thenComparing(ServerVersion::build)
          .thenComparing(ServerVersion::orLater);

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException if a value is invalid; the message names the value
   */
  public ServerVersion {
    if (major < 0 || minor < 0 || patch < 0) {
      throw new IllegalArgumentException(
          "The version is %d.%d.%d; each number must be 0 or more".formatted(major, minor, patch));
    }
    Objects.requireNonNull(build, "build");
    if (orLater && !build.isEmpty()) {
      throw new IllegalArgumentException(
          "A lower bound cannot have a build, but the build is '" + build + "'");
    }
  }

  /**
   * {@return exactly this version}
   *
   * @param major first number
   * @param minor second number
   * @param patch third number
   */
  public static ServerVersion of(int major, int minor, int patch) {
    return new ServerVersion(major, minor, patch, "", false);
  }

  /**
   * {@return this version or a later one}
   *
   * @param major first number
   * @param minor second number
   * @param patch third number
   */
  public static ServerVersion atLeast(int major, int minor, int patch) {
    return new ServerVersion(major, minor, patch, "", true);
  }

  /**
   * Parses {@code 0.2.21}, {@code v0.3.5}, {@code 0.4.24+1} (a build), {@code 0.4.0+} (a lower
   * bound). Never throws, whatever a server sends.
   *
   * @param text the version as a server or a person wrote it
   * @return the version; empty if {@code text} is not a version
   */
  public static Optional<ServerVersion> parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      return Optional.empty();
    }
    String rest = Objects.requireNonNullElse(form.group(4), "");
    boolean orLater = rest.equals("+");
    return Optional.of(
        new ServerVersion(
            Integer.parseInt(form.group(1)),
            Integer.parseInt(form.group(2)),
            Integer.parseInt(form.group(3)),
            orLater ? "" : rest,
            orLater));
  }

  /**
   * {@return whether this version is {@code other} or later; builds do not count}
   *
   * @param other the version to reach
   */
  public boolean reaches(ServerVersion other) {
    return Comparator.comparingInt(ServerVersion::major)
            .thenComparingInt(ServerVersion::minor)
            .thenComparingInt(ServerVersion::patch)
            .compare(this, other)
        >= 0;
  }

  /**
   * Compares the numbers, then the builds. An exact version comes before the lower bound with the
   * same numbers.
   */
  @Override
  public int compareTo(ServerVersion other) {
    return ORDER.compare(this, other);
  }

  /**
   * Returns the form that {@link #parse} reads: {@code 0.2.21}, {@code 0.4.24+1}, {@code 0.4.0+}.
   */
  @Override
  public String toString() {
    return major + "." + minor + "." + patch + (orLater ? "+" : build);
  }
}
